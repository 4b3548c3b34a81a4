// Numbers and files that the page holds as text.

/** Base64 → Uint8Array. */
function bytesOf(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) bytes[at] = raw.charCodeAt(at);
  return bytes;
}

/** Base64 of float32 → Float32Array. */
const floatsOf = (text) => new Float32Array(bytesOf(text).buffer);

/** Base64 of uint16 → Uint16Array. */
const wholesOf = (text) => new Uint16Array(bytesOf(text).buffer);

/** Base64 of float16, none infinite → Float32Array. Float16Array is too new to count on. */
function halvesOf(text) {
  const powers = Float64Array.from({ length: 32 }, (_, exponent) => 2 ** (Math.max(exponent, 1) - 25));
  return Float32Array.from(wholesOf(text), (bits) => {
    const exponent = (bits >> 10) & 31;
    const fraction = (bits & 1023) + (exponent ? 1024 : 0);
    return (bits & 32768 ? -1 : 1) * fraction * powers[exponent];
  });
}

/** A JPEG as the browser draws it: a promise of an ImageBitmap. */
const bitmapOf = (text) => createImageBitmap(new Blob([bytesOf(text)], { type: "image/jpeg" }));
