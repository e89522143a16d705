/** An answer in words: its findings with their evidence and next step, and its small table. */
import type { Finding, Overlay, OverlayTable } from "../generated/schema";
import { placesOf } from "../model/findings";
import { Button } from "./buttons";
import type { PanelContext } from "./context";
import { Legend } from "./legend";
import { TryingPanel } from "./trying";

const SEVERITY = { bad: "Problem", warn: "Warning", good: "Good", info: "Note" } as const;

/** Selects what a finding is about and flies there. */
function visit({ store, go, session }: PanelContext, finding: Finding): void {
  const nodes = finding.nodes.filter((id) => store.nodes.has(id));
  const flows = finding.flows.filter((key) => store.flows.has(key));
  session.select(nodes, flows);
  const places = placesOf(finding, store);
  if (places.length) go(places, { fit: places.length > 1 });
}

function FindingRow({ finding, context }: { finding: Finding; context: PanelContext }) {
  const hasPlace = finding.nodes.length + finding.flows.length > 0;
  return (
    <li>
      <Button
        class={`finding ${finding.severity}`}
        disabled={!hasPlace}
        data-tip={hasPlace ? "Show its place on the map" : undefined}
        onClick={() => visit(context, finding)}
      >
        <span class="dot" role="img" aria-label={SEVERITY[finding.severity]} />
        <span class="finding-text">
          <b>{finding.sentence}</b>
          {finding.evidence && <span class="evidence">{finding.evidence}</span>}
          {finding.suggestion && <span class="suggestion">{finding.suggestion}</span>}
        </span>
      </Button>
    </li>
  );
}

const NUMERIC = /^[\s\d.,+\-−–%€$£~<>≤≥]*\d[\s\d.,]*\s*[^\d\s]{0,4}$/;

function Table({ table: { columns, rows } }: { table: OverlayTable }) {
  const sides = columns.map((_, c) => {
    const known = rows.map((row) => row[c] ?? "").filter((cell) => cell !== "" && cell !== "–");
    return known.length > 0 && known.every((cell) => NUMERIC.test(cell)) ? "number" : "";
  });
  return (
    <div class="table-scroll">
      <table class="table">
        <thead>
          <tr>
            {columns.map((column, c) => (
              <th key={column} scope="col" class={sides[c]}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            <tr key={r}>
              {row.map((cell, c) => (
                <td key={c} class={sides[c]}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Findings({ overlay, context }: { overlay: Overlay; context: PanelContext }) {
  return (
    <div class="answer">
      {context.isNarrow && overlay.legend && <Legend legend={overlay.legend} />}
      {overlay.levers && <TryingPanel levers={overlay.levers} context={context} />}
      {overlay.subtitle && <p class="subtitle">{overlay.subtitle}</p>}
      <ul class="findings">
        {overlay.findings.map((finding, index) => (
          <FindingRow key={index} finding={finding} context={context} />
        ))}
      </ul>
      {overlay.table && overlay.table.rows.length > 0 && <Table table={overlay.table} />}
    </div>
  );
}
