// Holds Lua files to StyLua, as its WebAssembly build on npm needs no program of GitHub's. `--write` formats them.
// Reads the three lines of stylua.toml that differ from StyLua's defaults.
const fs = require("fs");
const stylua = require("@johnnymorganz/stylua/stylua_lib_node.cjs");

const [settings, ...rest] = process.argv.slice(2);
const isWriting = rest[0] === "--write";
const files = isWriting ? rest.slice(1) : rest;

const toml = fs.readFileSync(settings, "utf8");
const value = (name) => toml.match(new RegExp(`^${name} = "?([^"\\n]+)"?$`, "m"))[1];

function formatted(text) {
  const config = stylua.Config.new();
  config.syntax = stylua.LuaVersion.LuaJIT;
  config.column_width = Number(value("column_width"));
  config.indent_type = stylua.IndentType[value("indent_type")];
  config.indent_width = Number(value("indent_width"));
  return stylua.formatCode(text, config, undefined, stylua.OutputVerification.None);
}

const wrong = files.filter((file) => {
  const text = fs.readFileSync(file, "utf8");
  const wanted = formatted(text);
  if (isWriting) fs.writeFileSync(file, wanted);
  return text !== wanted;
});
for (const file of wrong) console.log(isWriting ? `formatted ${file}` : `not as StyLua formats it: ${file}`);
process.exit(wrong.length && !isWriting ? 1 : 0);
