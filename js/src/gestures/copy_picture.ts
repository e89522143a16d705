/** Copies the map, or what is selected of it, as a picture; where the page may not, the picture is downloaded. */
import type { Bench } from "./bench";

export function copyPicture(bench: Bench): void {
  const { surface, session, shown } = bench;
  const chosen = [...session.nodes].flatMap((id) => [...shown.carried(id)]);
  const canvas = surface.still(chosen.length ? new Set(chosen) : undefined);
  if (!canvas) return;
  const picture = new Promise<Blob>((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the map is too large for a picture")))),
  );
  const what = chosen.length ? "selection" : "map";
  copied(picture).then(
    () => session.toast("info", `The ${what} is copied as a picture.`),
    () => download(bench, picture, what),
  );
}

/** The promise is handed on as it is: a page may write only while it answers to a key or a click. */
async function copied(picture: Promise<Blob>): Promise<void> {
  await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
}

async function download({ store, session }: Bench, picture: Promise<Blob>, what: string): Promise<void> {
  try {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await picture);
    link.download = `${String(store.map.id ?? "map")}${what === "map" ? "" : ` ${what}`}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href)); // the download has begun by then
    session.toast("info", `This page may not copy pictures: the ${what} is in your downloads, as ${link.download}.`);
  } catch (error) {
    session.toast("bad", `There is no picture: ${error instanceof Error ? error.message : error}.`);
  }
}
