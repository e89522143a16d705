// Builds the one bundle that the Python package ships: ../crmwidget/static/widget.js, and the licences of what is in it.
//
//   --watch   builds again on each change, readable and with a source map
//   --plain   writes the minified script unpacked, to ../build/widget.plain.js: to be read, and to be measured against
//
// The script travels packed: deflated, in base 85, behind a few lines that unpack it and import it from a blob, which is
// how anywidget itself imports what it is given (docs/adr/0008).
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "crmwidget", "static");
const outfile = join(target, "widget.js");
/** anywidget sends the bundle with every widget, and saves it into every notebook: this is what it may weigh there. */
const budget = 150_000;

/** A stylesheet becomes a short string: it goes into a shadow root, not into the page. */
const cssAsText = {
  name: "css-as-text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(readFileSync(path, "utf8"), {
        loader: "css",
        minify: true,
        target: "es2022",
      });
      return { contents: code.trim(), loader: "text", watchFiles: [path] };
    });
  },
};

const options = {
  absWorkingDir: here,
  entryPoints: ["src/widget.ts"],
  outfile,
  bundle: true,
  format: "esm",
  target: "es2022",
  jsx: "transform", // calls of `h` are shorter than those of the automatic runtime, which is a module more
  inject: [join(here, "src", "panels", "jsx.ts")],
  jsxFactory: "h",
  jsxFragment: "Fragment",
  minify: true,
  legalComments: "none", // the licences are kept whole, in a file of their own
  charset: "utf8",
  metafile: true,
  plugins: [cssAsText],
  logLevel: "warning",
};

/** The licence texts of the packages that the bundle really holds. */
function licences(metafile) {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) packages.add(match[1]);
  }
  const sections = [...packages].sort().map((name) => {
    const folder = join(here, "node_modules", name);
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version}\n\n${file ? readFileSync(join(folder, file), "utf8").trim() : "(no licence file)"}\n`;
  });
  return `widget.js holds code of these packages.\n\n${sections.join(`\n${"-".repeat(80)}\n\n`)}`;
}

/** The digits of base 85: what needs no escape in a script, in JSON, or in a page. */
const digits = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i))
  .filter((character) => !"\"'`\\<>&$/".includes(character))
  .join("");

/** Four bytes as five digits: 25 % more than the bytes, where base64 has 33 %. */
function inBase85(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 4) {
    let word = 0;
    for (let k = 0; k < 4; k++) word = word * 256 + (bytes[i + k] ?? 0);
    let five = "";
    for (let k = 0; k < 5; k++) {
      five = digits[word % 85] + five;
      word = Math.floor(word / 85);
    }
    text += five;
  }
  return text;
}

/**
 * A module that unpacks the given one when it is loaded, and exports what that one (src/widget.ts) does. Each map brings
 * the bundle along: a page unpacks and compiles it once, for the first of them.
 */
function packed(code) {
  const deflated = deflateRawSync(code, { level: 9 });
  const name = createHash("sha256").update(code).digest("hex").slice(0, 16);
  return `const packed="${inBase85(deflated)}";
async function unpack(){
const at=new Uint8Array(128);
[..."${digits}"].forEach((c,i)=>{at[c.charCodeAt()]=i});
const bytes=new Uint8Array(packed.length/5*4);
for(let i=0,j=0;i<packed.length;){let n=0;for(let k=0;k<5;k++)n=n*85+at[packed.charCodeAt(i++)];for(let k=24;k>=0;k-=8)bytes[j++]=n>>>k}
const stream=new Blob([bytes.subarray(0,${deflated.length})]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
const url=URL.createObjectURL(new Blob([await new Response(stream).text()],{type:"text/javascript"}));
const canvas=await import(url);
URL.revokeObjectURL(url);
return canvas;
}
const canvas=await(globalThis[Symbol.for("crmwidget ${name}")]??=unpack());
export default canvas.default;
export const openPage=canvas.openPage;
`;
}

const size = (n) => `${n.toLocaleString("en")} bytes`;

mkdirSync(target, { recursive: true });
if (process.argv.includes("--watch")) {
  const context = await esbuild.context({ ...options, minify: false, sourcemap: "inline", logLevel: "info" });
  await context.watch();
} else {
  const { metafile, outputFiles } = await esbuild.build({ ...options, write: false });
  const code = outputFiles[0].contents;
  if (process.argv.includes("--plain")) {
    mkdirSync(join(here, "..", "build"), { recursive: true });
    writeFileSync(join(here, "..", "build", "widget.plain.js"), code);
  } else {
    const sent = packed(code);
    writeFileSync(outfile, sent);
    writeFileSync(join(target, "THIRD_PARTY.txt"), licences(metafile));
    console.log(`widget.js: ${size(sent.length)} (unpacked ${size(code.length)})`);
    if (sent.length > budget) {
      console.error(`widget.js is over its budget of ${size(budget)}`);
      process.exitCode = 1;
    }
  }
}
