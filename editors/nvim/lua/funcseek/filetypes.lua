--- The file types whose buffers the server is told of: those of all languages that are indexed. Data only.

local M = {}

---@type string[]
M.all = {
  "astro",
  "bash",
  "c",
  "clojure",
  "cmake",
  "cpp",
  "cs",
  "cuda",
  "dart",
  "ejs",
  "elixir",
  "erlang",
  "eruby",
  "fortran",
  "go",
  "haskell",
  "html",
  "java",
  "javascript",
  "javascriptreact",
  "julia",
  "kotlin",
  "lua",
  "markdown",
  "objc",
  "objcpp",
  "ocaml",
  "perl",
  "php",
  "ps1",
  "python",
  "r",
  "ruby",
  "rust",
  "scala",
  "sh",
  "solidity",
  "sql",
  "svelte",
  "swift",
  "typescript",
  "typescriptreact",
  "vue",
  "xhtml",
  "zig",
  "zsh",
}

-- Where the Language Server Protocol has a name of its own.
local IDS = {
  bash = "shellscript",
  cs = "csharp",
  eruby = "erb",
  objc = "objective-c",
  objcpp = "objective-cpp",
  ps1 = "powershell",
  sh = "shellscript",
  xhtml = "html",
  zsh = "shellscript",
}

--- Return the protocol's name of a file type's language.
---@param filetype string
---@return string
function M.language_id(filetype)
  return IDS[filetype] or filetype
end

return M
