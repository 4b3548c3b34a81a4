// Where the dots are, which of them are shown, and which is nearest.

const FINEST = 65535;

class Dots {
  /** Places as shares of the view, (0, 0) left and above. */
  constructor({ places, labels }, classes) {
    const steps = wholesOf(places);
    this.count = steps.length / 2;
    this.x = Float32Array.from({ length: this.count }, (_, dot) => steps[2 * dot] / FINEST);
    this.y = Float32Array.from({ length: this.count }, (_, dot) => 1 - steps[2 * dot + 1] / FINEST);
    this.labels = wholesOf(labels);
    this.colours = classes.map((each) => each.colour);
    this.hidden = new Set();
  }

  isShown(dot) {
    return !this.hidden.has(this.labels[dot]);
  }

  /** The dot nearest to a pixel of a map so large, at most so far off; −1 for none. */
  nearest(x, y, width, height, most) {
    let best = -1, least = most * most;
    for (let dot = 0; dot < this.count; dot += 1) {
      const square = (this.x[dot] * width - x) ** 2 + (this.y[dot] * height - y) ** 2;
      if (square <= least && this.isShown(dot)) [best, least] = [dot, square];
    }
    return best;
  }

  /** In their order, which was shuffled: so no class lies over all others. */
  draw(context, width, height, radius) {
    for (let dot = 0; dot < this.count; dot += 1) {
      if (!this.isShown(dot)) continue;
      context.fillStyle = this.colours[this.labels[dot]];
      context.beginPath();
      context.arc(this.x[dot] * width, this.y[dot] * height, radius, 0, 2 * Math.PI);
      context.fill();
    }
  }
}
