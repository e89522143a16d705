"""How each library is asked to show a networkx graph, and how the page sees what it drew."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

__all__ = ["ANCHOR_COLOUR", "LIBRARIES", "MARK_COLOUR", "OURS", "Library"]

Colour = tuple[int, int, int]
# Of the node that is dragged and renamed, and of one that has to stay where it is meanwhile.
MARK_COLOUR: Colour = (255, 0, 255)
ANCHOR_COLOUR: Colour = (0, 255, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """One library.

    Attributes
    ----------
    name
        Of the distribution.
    imports
        All that it loads to show a graph; before the clock starts, and timed by itself.
    show
        The cell that is measured: from the graph `g` to what is shown. `mark`, `anchor` and `colours` (of these two)
        are there; `size` is how large the two have to be, in the graph's units, so that they can be seen.
    view
        JavaScript function of the cell's output and `{n, flows, mark}`: the `element` that is drawn on, `isWhole` once
        all nodes and flows are in the view, `pictures` drawn so far, and the `label` of the marked node as the view
        has it.
    listen
        Python that appends to `told` when it hears of a dropped node.
    rename
        Python that gives the marked node `label`.
    cannot
        Why not, for each of `drag`, `rename` and `listen` that the library has no way to do.
    """

    name: str
    imports: str
    show: str
    view: str
    listen: str = ""
    rename: str = ""
    cannot: dict[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str | None:
        try:
            return version(self.name)
        except PackageNotFoundError:
            return None


OURS = Library(
    name="crmwidget",
    # The public names load what they need when they are first used, so that the second line has to ask for it.
    imports="import crmwidget as crm\nimport crmwidget.making, crmwidget.view_commands, crmwidget.widget",
    show="m = crm.from_networkx(g); m",
    view="""(output, { n, flows, mark }) => {
        const { store, surface } = __lab.view(0);
        return { element: surface.element, isWhole: store.nodes.size === n && store.flows.size === flows,
                 pictures: surface.painted, label: store.nodes.get(mark)?.label };
    }""",
    listen="m.on_change(lambda event: event.origin == 'view' and told.append(time.time() * 1000))",
    rename="m.graph.nodes[mark]['label'] = label; m.flush()",
)

IPYCYTOSCAPE = Library(
    name="ipycytoscape",
    imports="import ipycytoscape",
    show="""
for i, d in g.nodes(data=True):
    d["position"] = {"x": d["x"], "y": d["y"]}
    d["classes"] = {mark: "mark", anchor: "anchor"}.get(i, "")
w = ipycytoscape.CytoscapeWidget(cytoscape_layout={"name": "preset", "fit": True})
w.layout.height = "560px"
w.graph.add_graph_from_networkx(g)
large = {"width": size, "height": size, "z-index": 99}
w.set_style([
    {"selector": "node", "css": {"background-color": "#11479e", "label": "data(label)"}},
    {"selector": "edge", "css": {"label": "data(label)", "font-size": 10}},
    {"selector": "edge.directed", "css": {"curve-style": "bezier", "target-arrow-shape": "triangle"}},
    {"selector": "node.mark", "css": {"background-color": colours[mark], **large}},
    {"selector": "node.anchor", "css": {"background-color": colours[anchor], **large}},
])
marked = next(node for node in w.graph.nodes if node.data["id"] == mark)
w""",
    view="""(output, { n, flows, mark }) => {
        const cy = [...output.querySelectorAll('*')].map((e) => e._cyreg?.cy).find(Boolean);
        return { element: cy.container(), isWhole: cy.nodes().length === n && cy.edges().length === flows,
                 pictures: __peers.pictures, label: cy.$id(mark).data('label') };
    }""",
    # Where a node was dropped is in no trait: only a callback on the pointer's events tells.
    listen="w.on('node', 'tapend', lambda node: told.append(time.time() * 1000))",
    rename="marked.data['label'] = label",
)

IPYSIGMA = Library(
    name="ipysigma",
    imports="from ipysigma import Sigma",
    show="""
w = Sigma(g, height=560, node_label="label", edge_label="label", default_edge_type="arrow", hide_info_panel=True,
          raw_node_color=lambda i: colours.get(i, "#11479e"), raw_node_size=lambda i: 6 if i in colours else 3)
w""",
    view="""(output, { n }) => ({
        element: output.querySelector('canvas.sigma-mouse').parentElement,
        isWhole: __peers.most >= n, pictures: __peers.pictures,
    })""",
    cannot={
        "drag": "it is a viewer: a drag that begins on a node moves the view",
        "rename": "what it shows is fixed when it is made; an edit needs a new view",
        "listen": "no node can be dragged",
    },
)

# Its `show()` writes a file and puts it into a frame that Jupyter sandboxes, where nothing can be measured; the same
# page inside of the output is its other way into a notebook.
PYVIS = Library(
    name="pyvis",
    imports="import html\nfrom IPython.display import HTML\nfrom pyvis.network import Network",
    show="""
w = Network(height="560px", width="100%", directed=True, notebook=True, cdn_resources="in_line")
w.toggle_physics(False)
for i, d in g.nodes(data=True):
    c = colours.get(i, "#11479e")
    w.add_node(i, color={"background": c, "border": c, "highlight": {"background": c, "border": c}},
               size=size / 2 if i in colours else 15, **d)
for a, b, d in g.edges(data=True):
    w.add_edge(a, b, **d)
page = html.escape(w.generate_html(notebook=True))
HTML(f'<iframe style="width: 100%; height: 580px; border: 0" srcdoc="{page}"></iframe>')""",
    view="""(output, { n, flows }) => {
        const element = output.querySelector('iframe');
        const { network, __peers: { pictures } } = element.contentWindow;
        const isWhole = network.body.nodeIndices.length === n && network.body.edgeIndices.length === flows;
        return { element, isWhole, pictures };
    }""",
    cannot={
        "rename": "it is a page in a frame, without a way for Python to reach it; an edit needs a new view",
        "listen": "it is a page in a frame: nothing comes back to Python",
    },
)

YFILES = Library(
    name="yfiles_jupyter_graphs",
    imports="from ipywidgets import Layout\nfrom yfiles_jupyter_graphs import GraphWidget",
    show="""
w = GraphWidget(graph=g, graph_layout="no_layout", widget_layout=Layout(height="560px"), overview_enabled=False)
of = {d["label"]: (i, d) for i, d in g.nodes(data=True)}
w.node_position_mapping = lambda node: (lambda d: (d["x"], d["y"]))(of[node["properties"]["label"]][1])
w.node_color_mapping = lambda node: colours.get(of[node["properties"]["label"]][0], "#11479e")
w.node_size_mapping = lambda node: (size if of[node["properties"]["label"]][0] in colours else 30.0,) * 2
w.node_label_mapping = w.edge_label_mapping = "label"
w""",
    # What is near is SVG, what is far is WebGL, where all nodes are one draw of 27 corners each; labels follow. A small
    # overview of the same make lies beside it.
    view="""(output, { n }) => {
        const layers = [...output.querySelectorAll('canvas, svg')];
        const element = layers.reduce((one, other) => (other.clientWidth > one.clientWidth ? other : one));
        const drawn = output.querySelectorAll('svg ellipse').length;
        return { element, isWhole: drawn >= n || __peers.most >= 20 * n, pictures: __peers.pictures + drawn };
    }""",
    cannot={
        "drag": "a drag that begins on a node moves the view, unless its interactive layout may move all nodes",
        "rename": "an edit is taken over by `show()` alone, which sends the whole graph into a new view",
        "listen": "no node can be dragged",
    },
)

LIBRARIES = (OURS, IPYCYTOSCAPE, IPYSIGMA, PYVIS, YFILES)
