// The decoder of the model, layer by layer: core/export/page/network.py says which.

/** x · σ(x), the activation of every hidden layer. */
const silu = (value) => value / (1 + Math.exp(-value));
const sigmoid = (value) => 1 / (1 + Math.exp(-value));
const softplus = (value) => Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
const within = (value) => Math.min(Math.max(value, 0), 1);

class Network {
  /** `numbers` are all weights and biases; a layer says where its own begin. */
  constructor(layers, numbers) {
    this.layers = layers;
    this.numbers = numbers;
  }

  /** z, and what is told beside it → pixels in [0, 1], row by row, the channels of each together. */
  run(inputs) {
    return this.through(this.layers, Float64Array.from(inputs));
  }

  through(layers, x) {
    return layers.reduce((value, layer) => this[layer.op](value, layer), x);
  }

  residual(x, { layers }) {
    const added = this.through(layers, x);
    return x.map((value, at) => value + added[at]);
  }

  silu(x) {
    return x.map(silu);
  }

  linear(x, { inputs, outputs, weight, bias }) {
    return product(x, inputs, this.numbers, outputs, weight, bias);
  }

  /** Mean 0 and variance 1, then scaled (Ba et al. 2016). */
  norm(x, { weight, bias }) {
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
    const deviation = Math.sqrt(variance + 1e-5);
    return x.map((value, at) => ((value - mean) / deviation) * this.numbers[weight + at] + this.numbers[bias + at]);
  }

  /** 3 × 3, padded by one: what lies around each place, side by side, times the weights. */
  convolution(x, { side, inputs, outputs, weight, bias, goesOn }) {
    return product(around(x, side, inputs, goesOn), 9 * inputs, this.numbers, outputs, weight, bias);
  }

  /** Channels become patches (Shi et al. 2016). */
  shuffle(x, { side, patch }) {
    const channels = x.length / (side * side * patch * patch);
    const y = new Float64Array(x.length);
    let from = 0;
    for (let place = 0; place < side * side; place += 1) {
      const top = Math.floor(place / side) * patch, left = (place % side) * patch;
      for (let channel = 0; channel < channels; channel += 1) {
        for (let at = 0; at < patch * patch; at += 1, from += 1) {
          const row = top + Math.floor(at / patch), column = left + (at % patch);
          y[(row * side * patch + column) * channels + channel] = x[from];
        }
      }
    }
    return y;
  }

  // The means of the likelihoods, as core/model/by_numpy/means.py has them.

  bernoulli(x) {
    return x.map(sigmoid);
  }

  gaussian(x) {
    return x.map((value) => within(value + 0.5));
  }

  "continuous-bernoulli"(x) {
    return x.map((logit) => {
      if (Math.abs(logit) < 0.3) return within(0.5 + logit / 12 - logit ** 3 / 720 + logit ** 5 / 30240);
      return within(0.5 + 0.5 / Math.tanh(logit / 2) - 1 / logit);
    });
  }

  "discretised-logistic"(x, { sharpness }) {
    return x.map((value, at) => {
      const sharp = sharpness[at % sharpness.length];
      return within((softplus(sharp * (value + 0.5)) - softplus(sharp * (value - 0.5))) / sharp);
    });
  }
}

/** The nine neighbours of each place: (side², inputs) → (side², 9 · inputs); beyond the edge is 0, or it goes on. */
function around(x, side, inputs, goesOn) {
  const found = new Float64Array(9 * x.length);
  const seen = goesOn ? (at) => Math.min(Math.max(at, 0), side - 1) : (at) => at;
  for (let place = 0; place < side * side; place += 1) {
    for (let tap = 0; tap < 9; tap += 1) {
      const row = seen(Math.floor(place / side) + Math.floor(tap / 3) - 1);
      const column = seen((place % side) + (tap % 3) - 1);
      if (row < 0 || column < 0 || row >= side || column >= side) continue;
      const from = (row * side + column) * inputs;
      found.set(x.subarray(from, from + inputs), (9 * place + tap) * inputs);
    }
  }
  return found;
}

/**
 * Rows (M, length) times a matrix (outputs, length), plus a bias: (M, outputs). Two rows by four outputs at once keep
 * eight sums in the processor's registers, twice as fast as one; at an end some are found twice.
 */
function product(rows, length, numbers, outputs, weight, bias) {
  const last = outputs - 1, lastRow = rows.length / length - 1;
  const y = new Float64Array((lastRow + 1) * outputs);
  for (let first = 0; first <= last; first += 4) {
    const [o, p, q, r] = [first, Math.min(first + 1, last), Math.min(first + 2, last), Math.min(first + 3, last)];
    const [wo, wp, wq, wr] = [o, p, q, r].map((output) => weight + output * length);
    const [bo, bp, bq, br] = [o, p, q, r].map((output) => numbers[bias + output]);
    for (let row = 0; row <= lastRow; row += 2) {
      const next = Math.min(row + 1, lastRow), one = row * length, two = next * length;
      let a = bo, b = bp, c = bq, d = br, e = bo, f = bp, g = bq, h = br;
      for (let at = 0; at < length; at += 1) {
        const x = rows[one + at], z = rows[two + at];
        const s = numbers[wo + at], t = numbers[wp + at], u = numbers[wq + at], v = numbers[wr + at];
        a += x * s; b += x * t; c += x * u; d += x * v;
        e += z * s; f += z * t; g += z * u; h += z * v;
      }
      y[row * outputs + o] = a; y[row * outputs + p] = b; y[row * outputs + q] = c; y[row * outputs + r] = d;
      y[next * outputs + o] = e; y[next * outputs + p] = f; y[next * outputs + q] = g; y[next * outputs + r] = h;
    }
  }
  return y;
}
