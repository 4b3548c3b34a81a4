// The card beside a dot: its small picture, its class, the name of its file where the page has it.

class Card {
  constructor(root, { thumbnails, dots, classes }, labels) {
    Object.assign(this, { root, thumbnails, names: dots.names, classes, labels });
    this.canvas = document.getElementById("thumbnail");
    this.missing = new Set(thumbnails?.missing);
    if (thumbnails) bitmapOf(thumbnails.jpeg).then((bitmap) => { this.bitmap = bitmap; });
  }

  hide() {
    this.root.hidden = true;
  }

  show(dot, pixel) {
    const { name } = this.classes[this.labels[dot]];
    document.getElementById("card-class").textContent = name;
    document.getElementById("card-name").textContent = this.names ? this.names[dot] : "";
    this.canvas.hidden = !this.bitmap || this.missing.has(dot);
    if (!this.canvas.hidden) this.picture(dot);
    this.root.hidden = this.canvas.hidden && !name && !this.names;
    this.put(pixel);
  }

  picture(dot) {
    const { side, cell, columns } = this.thumbnails;
    [this.canvas.width, this.canvas.height] = [side, side];
    const x = (dot % columns) * cell, y = Math.floor(dot / columns) * cell;
    this.canvas.getContext("2d").drawImage(this.bitmap, x, y, side, side, 0, 0, side, side);
  }

  /** Beside the pixel, and inside the map. */
  put({ x, y }) {
    const { offsetWidth: width, offsetHeight: height, parentElement: map } = this.root;
    const left = x + 16 + width < map.clientWidth ? x + 16 : x - 16 - width;
    const top = Math.min(Math.max(4, y - height / 2), map.clientHeight - height - 4);
    this.root.style.transform = `translate(${Math.max(4, Math.round(left))}px, ${Math.round(top)}px)`;
  }
}
