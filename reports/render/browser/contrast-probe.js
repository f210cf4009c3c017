/**
 * Run in the page by a test: gives back the texts whose contrast with what lies behind them is below WCAG's AA, 4.5, or 3 for
 * large ones. Hidden texts do not count, nor those of the charts, which are pixels.
 */
(() => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });

  /** Any CSS colour as [red, green, blue, alpha 0–1]: the canvas knows all notations. */
  function channels(colour) {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  }

  function over(top, bottom) {
    return [0, 1, 2].map((index) => top[index] * top[3] + bottom[index] * (1 - top[3]));
  }

  function behind(element) {
    const layers = [];
    for (let at = element; at !== null; at = at.parentElement)
      layers.push(channels(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  }

  function luminance(colour) {
    const [red, green, blue] = colour.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function contrast(element) {
    const background = behind(element);
    const [light, dark] = [
      luminance(over(channels(getComputedStyle(element).color), background)),
      luminance(background),
    ].sort((left, right) => right - left);
    return (light + 0.05) / (dark + 0.05);
  }

  const faint = new Set();
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '',
    );
    const box = element.getBoundingClientRect();
    if (!own || box.width <= 1 || box.height <= 1 || !element.checkVisibility()) continue;
    const { fontSize, fontWeight } = getComputedStyle(element);
    const pixels = Number.parseFloat(fontSize);
    const large = pixels >= 24 || (pixels >= 18.66 && Number(fontWeight) >= 700);
    const found = contrast(element);
    if (found < (large ? 3 : 4.5)) faint.add(`${element.tagName} .${element.className}: ${found.toFixed(2)}`);
  }
  return [...faint];
})();
