// The picture at a place, as levels from 0 to 255: drawn by the model itself, or blended from pictures drawn before.

class ByModel {
  constructor({ layers, numbers, half, told }, plane, directions) {
    this.network = new Network(layers, (half ? halvesOf : floatsOf)(numbers));
    Object.assign(this, { told, plane, directions });
  }

  /** A class is told as one of so many numbers, the others 0. */
  async choose(label) {
    this.beside = new Float64Array(this.told);
    if (this.told) this.beside[label] = 1;
  }

  /** Levels, row by row; null while there is nothing to draw with. */
  draw(place, amounts) {
    const z = this.plane.latentAt(place, this.directions, amounts);
    return this.network.run([...z, ...this.beside]).map((share) => share * 255);
  }
}

class FromSheets {
  constructor({ sheets, side, cell, places }, plane, directions, { view, channels }) {
    Object.assign(this, { sheets, side, cell, places, plane, directions, view, channels, bitmaps: {} });
    const canvas = Object.assign(document.createElement("canvas"), { width: 2 * cell, height: 2 * cell });
    this.scratch = canvas.getContext("2d", { willReadFrequently: true });
  }

  async choose(label) {
    this.wished = label;
    const bitmap = await (this.bitmaps[label] ??= bitmapOf(this.sheets[label]));
    if (this.wished === label) Object.assign(this, { bitmap, near: null });
  }

  draw(place, amounts) {
    if (!this.bitmap) return null;
    const [left, bottom, right, top] = this.view;
    const { u, v } = this.moved(place, amounts);
    const across = cellOf(((u - left) / (right - left)) * (this.places - 1), this.places);
    const down = cellOf(((top - v) / (top - bottom)) * (this.places - 1), this.places);
    return this.blended(this.fourAt(across.before, down.before), across.on, down.on);
  }

  moved(place, amounts) {
    return this.directions.reduce(({ u, v }, vector, which) => {
      const along = this.plane.along(vector);
      return { u: u + amounts[which] * along.u, v: v + amounts[which] * along.v };
    }, place);
  }

  /** The pixels of the four pictures of a cell; a hand stays in one for a while. */
  fourAt(column, row) {
    if (this.near?.column !== column || this.near.row !== row) {
      const span = 2 * this.cell;
      this.scratch.drawImage(this.bitmap, column * this.cell, row * this.cell, span, span, 0, 0, span, span);
      this.near = { column, row, pixels: this.scratch.getImageData(0, 0, span, span).data };
    }
    return this.near.pixels;
  }

  blended(pixels, across, down) {
    const shares = [(1 - across) * (1 - down), across * (1 - down), (1 - across) * down, across * down];
    const starts = [0, 4 * this.cell, 8 * this.cell * this.cell, 8 * this.cell * this.cell + 4 * this.cell];
    const levels = new Float64Array(this.side * this.side * this.channels);
    for (let at = 0; at < levels.length; at += 1) {
      const pixel = Math.floor(at / this.channels), row = Math.floor(pixel / this.side);
      const from = 4 * (row * 2 * this.cell + (pixel % this.side)) + (at % this.channels);
      for (let which = 0; which < 4; which += 1) levels[at] += shares[which] * pixels[starts[which] + from];
    }
    return levels;
  }
}

/** Levels of a square picture → ImageData. */
function imageOf(levels, channels) {
  const side = Math.sqrt(levels.length / channels);
  const image = new ImageData(side, side);
  for (let pixel = 0; pixel < side * side; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      image.data[4 * pixel + channel] = levels[channels * pixel + Math.min(channel, channels - 1)];
    }
    image.data[4 * pixel + 3] = 255;
  }
  return image;
}
