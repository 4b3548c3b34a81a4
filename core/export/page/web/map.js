// The map: dots on one canvas, what moves on another, and the hand, finger or keys that move it.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
const STEP = 0.1, LARGE_STEP = 1; // of σ of the prior: one unit of z
const REACH = 14; // pixels from a dot that still mean it

class MapView {
  /** `moved` is told the place, `hovered` the dot under the pointer, −1 for none. */
  constructor(root, view, dots, { moved, hovered }) {
    Object.assign(this, { root, view, dots, moved, hovered, place: null, ring: -1 });
    root.tabIndex = 0;
    root.classList.add("alive");
    [this.below, this.above] = ["canvas", "canvas"].map((tag) => document.createElement(tag));
    root.lastElementChild.before(this.below, this.above);
    this.listen();
    new ResizeObserver(() => this.resize()).observe(root);
  }

  listen() {
    this.root.addEventListener("pointerdown", (event) => this.press(event));
    this.root.addEventListener("pointermove", (event) => this.move(event));
    this.root.addEventListener("pointerleave", () => this.hover(-1));
    this.root.addEventListener("keydown", (event) => this.key(event));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.paint());
  }

  press(event) {
    if (event.button !== 0) return;
    this.root.setPointerCapture(event.pointerId);
    this.hover(-1);
    this.drag(event);
    if (event.pointerType === "touch") this.hover(this.dotAt(event, REACH), event);
  }

  move(event) {
    if (event.buttons & 1) {
      this.hover(-1);
      this.drag(event);
    } else if (event.pointerType !== "touch") {
      this.hover(this.dotAt(event, REACH), event);
    }
  }

  drag(event) {
    const { x, y } = this.pixelOf(event);
    const [left, bottom, right, top] = this.view;
    this.go(left + (x / this.width) * (right - left), top - (y / this.height) * (top - bottom));
  }

  key(event) {
    const arrow = ARROWS[event.key];
    if (!arrow || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const step = event.shiftKey ? LARGE_STEP : STEP;
    this.go(this.place.u + arrow[0] * step, this.place.v + arrow[1] * step);
  }

  /** To a point, or to the edge of the view on the way to it. */
  go(u, v) {
    const [left, bottom, right, top] = this.view;
    this.place = { u: Math.min(Math.max(u, left), right), v: Math.min(Math.max(v, bottom), top) };
    this.paintMarks();
    this.moved(this.place);
  }

  hover(dot, event) {
    if (dot === this.ring && dot < 0) return;
    this.ring = dot;
    this.paintMarks();
    this.hovered(dot, dot < 0 ? null : this.pixelOf(event));
  }

  dotAt(event, most) {
    const { x, y } = this.pixelOf(event);
    return this.dots.nearest(x, y, this.width, this.height, most);
  }

  pixelOf(event) {
    const box = this.below.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** Where a point of the map is. */
  pixelAt({ u, v }) {
    const [left, bottom, right, top] = this.view;
    return { x: ((u - left) / (right - left)) * this.width, y: ((top - v) / (top - bottom)) * this.height };
  }

  resize() {
    [this.width, this.height] = [this.below.clientWidth, this.below.clientHeight];
    for (const canvas of [this.below, this.above]) {
      canvas.width = Math.round(this.width * devicePixelRatio);
      canvas.height = Math.round(this.height * devicePixelRatio);
      canvas.getContext("2d").setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    }
    this.paint();
  }

  paint() {
    const context = this.below.getContext("2d");
    context.clearRect(0, 0, this.width, this.height);
    this.paintLines(context);
    this.dots.draw(context, this.width, this.height, this.radius);
    this.paintMarks();
  }

  /** Of a dot, in pixels: where there is less room for them they are smaller. */
  get radius() {
    return Math.min(Math.max(0.22 * this.width / Math.sqrt(this.dots.count), 1.3), 2.8);
  }

  /** Faint lines at whole numbers, as many as can be told apart. */
  paintLines(context) {
    const [left, bottom, right, top] = this.view;
    context.fillStyle = this.colour("--grid");
    for (const u of roundNumbers(left, right)) context.fillRect(this.pixelAt({ u, v: top }).x, 0, 1, this.height);
    for (const v of roundNumbers(bottom, top)) context.fillRect(0, this.pixelAt({ u: left, v }).y, this.width, 1);
  }

  paintMarks() {
    if (!this.width) return;
    const context = this.above.getContext("2d");
    context.clearRect(0, 0, this.width, this.height);
    if (this.ring >= 0) this.paintRing(context);
    if (this.place) this.paintCursor(context);
  }

  paintRing(context) {
    context.beginPath();
    context.arc(this.dots.x[this.ring] * this.width, this.dots.y[this.ring] * this.height, 7, 0, 2 * Math.PI);
    context.fillStyle = this.dots.colours[this.dots.labels[this.ring]];
    context.fill();
    this.outline(context);
  }

  /** A ring with four arms. */
  paintCursor(context) {
    const { x, y } = this.pixelAt(this.place);
    context.beginPath();
    context.arc(x, y, 9, 0, 2 * Math.PI);
    for (const [across, up] of Object.values(ARROWS)) {
      context.moveTo(x + 9 * across, y + 9 * up);
      context.lineTo(x + 16 * across, y + 16 * up);
    }
    this.outline(context);
  }

  /** Of the path in hand, readable on dots and on paper. */
  outline(context) {
    for (const [name, width] of [["--base", 5], ["--text", 2]]) {
      context.strokeStyle = this.colour(name);
      context.lineWidth = width;
      context.stroke();
    }
  }

  colour(name) {
    return getComputedStyle(this.root).getPropertyValue(name).trim();
  }
}

/** Whole multiples of 1, 2 or 5 times a power of ten between two numbers, at most a dozen. */
function roundNumbers(low, high) {
  const power = 10 ** Math.floor(Math.log10((high - low) / 12));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => (high - low) / each <= 12);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, at) => (first + at) * step);
}
