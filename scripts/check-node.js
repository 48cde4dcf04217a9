// Plain JavaScript on purpose: it must run on any Node, or it could not say that the Node is too old.
const wanted = 24;
const found = Number.parseInt(process.versions.node, 10);
if (found !== wanted) {
  process.stderr.write(
    `demo-on-demand needs Node ${wanted}, found ${found}: run "npm ci" (it brings Node ${wanted} on Linux and Windows) and start with "npm start", or install Node ${wanted}.\n`,
  );
  process.exit(1);
}
