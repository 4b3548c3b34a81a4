"""PyTorch's own VAE example (examples/vae/main.py): its model, loss, optimiser and loader, on Fashion-MNIST.

Left as it is but for its data set, its messages and what it prints. Usage: python -m … WORKLOAD ROOT EPOCHS
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn, optim
from torch.nn import functional as F  # noqa: N812
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

BATCH = 128


class VAE(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(784, 400)
        self.fc21 = nn.Linear(400, 20)
        self.fc22 = nn.Linear(400, 20)
        self.fc3 = nn.Linear(20, 400)
        self.fc4 = nn.Linear(400, 784)

    def encode(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        h1 = F.relu(self.fc1(x))
        return self.fc21(h1), self.fc22(h1)

    def reparameterize(self, mu: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std)
        return mu + eps * std

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        h3 = F.relu(self.fc3(z))
        return torch.sigmoid(self.fc4(h3))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        mu, logvar = self.encode(x.view(-1, 784))
        z = self.reparameterize(mu, logvar)
        return self.decode(z), mu, logvar


def loss_function(recon_x: torch.Tensor, x: torch.Tensor, mu: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    bce = F.binary_cross_entropy(recon_x, x.view(-1, 784), reduction="sum")
    kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return bce + kld


def train(model: VAE, loader: DataLoader[object], optimizer: optim.Optimizer) -> None:
    model.train()
    train_loss = 0.0
    for data, _ in loader:
        optimizer.zero_grad()
        recon_batch, mu, logvar = model(data)
        loss = loss_function(recon_batch, data, mu, logvar)
        loss.backward()
        train_loss += loss.item()
        optimizer.step()


def main(workload: Path, root: Path, epochs: int) -> None:
    torch.manual_seed(1)
    learned = datasets.FashionMNIST(str(root), train=True, transform=transforms.ToTensor())
    count = len(np.load(workload / "learned.npy", mmap_mode="r"))
    part = learned if count == len(learned) else torch.utils.data.Subset(learned, range(count))
    loader = DataLoader(part, batch_size=BATCH, shuffle=True)
    model = VAE()
    optimizer = optim.Adam(model.parameters(), lr=1e-3)
    began = time.perf_counter()
    for _ in range(epochs):
        train(model, loader, optimizer)
    seconds = time.perf_counter() - began
    model.eval()
    held_out = torch.from_numpy(np.load(workload / "held_out.npy")[..., 0]).float().div_(255.0)
    with torch.no_grad():
        recon, mu, logvar = model(held_out)
        objective = float(loss_function(recon, held_out, mu, logvar)) / len(held_out)
    print(json.dumps({"seconds": seconds, "objective": objective}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
