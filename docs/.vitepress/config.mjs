// The documentation as a site: `npm run docs` writes site/. The same files are readable as they are.
const page = (text, link) => ({ text, link });

export default {
  title: "wetgrad",
  description: "Gradient descent on wetware",
  outDir: "../site",
  base: process.env["SITE_BASE"] ?? "/",
  lastUpdated: false,
  // Files of the repository that are no pages of the site.
  ignoreDeadLinks: [/\.\.\/(src|examples|integrations|BENCHMARKS|CONTRIBUTING|README|SECURITY)/],
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    sidebar: [
      {
        text: "Begin",
        items: [
          page("Teach a simulated dish", "/guide/no-hardware"),
          page("Forecast a recording", "/guide/recording"),
          page("The rehearsal", "/guide/dish"),
          page("The library", "/guide/library"),
          page("Files in Python and MATLAB", "/guide/python"),
        ],
      },
      {
        text: "What it is",
        items: [
          page("What it is for", "/guide/mission"),
          page("How far to trust this", "/guide/trust"),
          page("Questions", "/guide/questions"),
          page("Words", "/guide/glossary"),
          page("Share and cite", "/guide/share"),
          page("Design", "/design"),
        ],
      },
      {
        text: "Reference",
        items: [
          ...["reference", "methods", "culture", "plasticity", "scaffolds", "vat", "vat-hosts", "emulator", "recordings", "devices"],
          ...["safety", "dish", "cartpole", "doom", "reading", "wiring", "page", "compute", "bandwidth", "features", "dashboard"],
        ].map((name) => page(name, `/${name}`)),
      },
      { text: "Every export", collapsed: true, items: [page("By entry", "/api/index")] },
      {
        text: "Add",
        items: ["task", "method", "tissue", "reader", "device"].map((name) => page(name, `/contributing/${name}`)),
      },
    ],
  },
};
