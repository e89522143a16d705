// Every text in the view `v`: its contrast with what lies behind it, and whether it is cut off. An expression.
(() => {
  const parse = (colour) => {
    const n = colour.match(/[\d.]+/g).map(Number);
    const scale = colour.startsWith("color(srgb") ? 255 : 1;
    return [n[0] * scale, n[1] * scale, n[2] * scale, n[3] ?? 1];
  };
  const over = (a, b) => [0, 1, 2].map((i) => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((value) => linear(value / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parent = (e) => e.parentElement ?? e.getRootNode().host ?? null;
  const scrolls = (style) => [style.overflowX, style.overflowY].some((way) => way === "auto" || way === "scroll");
  const isHidden = (e, style, box) =>
    box.width < 2 || box.height < 2 || style.visibility === "hidden" || style.clipPath === "inset(50%)" ||
    style.clip === "rect(0px, 0px, 0px, 0px)" || e.closest(":disabled, [aria-disabled=true]"); // what cannot be used may be pale
  const found = [];
  const look = (e) => {
    const text = [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join("");
    const style = getComputedStyle(e);
    const box = e.getBoundingClientRect();
    if (!text || isHidden(e, style, box)) return;
    let opacity = 1;
    const layers = [];
    for (let p = e; p; p = parent(p)) {
      opacity *= Number(getComputedStyle(p).opacity);
      layers.unshift(parse(getComputedStyle(p).backgroundColor));
    }
    if (opacity < 0.05) return;
    const back = layers.reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
    const ink = parse(style.color);
    ink[3] *= opacity;
    const [bright, dim] = [luminance(over(ink, back)), luminance(back)].sort((a, b) => b - a);
    const isCut = e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 2;
    const says = style.textOverflow === "ellipsis" || /\d/.test(style.webkitLineClamp);
    found.push({
      text: text.slice(0, 40),
      ratio: (bright + 0.05) / (dim + 0.05),
      clipped: isCut && !says && style.overflow !== "visible" && !scrolls(style),
      left: box.left,
      right: box.right,
      className: String(e.className),
    });
  };
  const walk = (root) => {
    for (const e of root.querySelectorAll("*")) {
      if (e.shadowRoot) walk(e.shadowRoot);
      look(e);
    }
  };
  walk(v.surface.element.getRootNode());
  return found;
})()
