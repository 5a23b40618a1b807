--- What a person can do, for maps and other plugins. Each function says by itself, in one message, why it cannot.

local M = {}

---@class funcseek.SearchOptions filters are those of `funcseek/search`
---@field query? string words to begin with
---@field limit? integer
---@field languages? string[]
---@field globs? string[]
---@field kinds? string[]
---@field changedSince? number
---@field minScore? number
---@field scopeUri? string
---@field picker? funcseek.PickerName another one than the settings'
---@field picker_options? table handed to that picker

---@class funcseek.SimilarOptions
---@field range? [integer, integer] first and last line, counted from 1
---@field sameLanguage? boolean
---@field kinds? string[]
---@field changedSince? number in seconds since the epoch
---@field limit? integer
---@field picker? funcseek.PickerName
---@field picker_options? table

---@type fun()?
local last

local function message()
  return require("funcseek.message")
end

--- Take settings, which are stronger than `vim.g.funcseek`; calling this is optional.
---@param settings? table<string, any>
function M.setup(settings)
  require("funcseek.config").set(settings or {})
end

---@param title string
---@param options funcseek.SearchOptions|funcseek.SimilarOptions
---@return funcseek.Question
local function new_question(title, options)
  return { title = title, words = "", picker = options.picker, options = options.picker_options or {} }
end

---@param options funcseek.SearchOptions
---@param words string
---@return funcseek.Request
local function search_request(options, words)
  local params = vim.tbl_extend("force", { limit = require("funcseek.config").get().limit }, options, { query = words })
  params.picker, params.picker_options = nil, nil
  return { method = "funcseek/search", params = params, words = words }
end

--- Open the picker and search as one types.
---@param options? funcseek.SearchOptions
function M.search(options)
  options = options or {}
  local bufnr = vim.api.nvim_get_current_buf()
  local session, refresh = require("funcseek.session").new(bufnr), require("funcseek.refresh")
  local question = new_question("Funcseek", options)
  question.words = options.query or ""
  function question.ask(words, on_answer, delay_ms)
    question.words = words
    session:ask(search_request(options, words), function(answer)
      on_answer(answer)
      refresh.after(question, answer)
    end, delay_ms)
  end
  function question.cancel()
    refresh.stop(question)
    session:cancel()
  end
  last = function()
    M.search(vim.tbl_extend("force", options, { query = question.words }))
  end
  require("funcseek.picker").live(question)
end

---@param params table
---@param bufnr integer
---@param options funcseek.SimilarOptions
local function show_similar(params, bufnr, options)
  local session = require("funcseek.session").new(bufnr)
  local request = { method = "funcseek/similar", params = params, words = "" }
  session:ask(request, function(answer)
    if #answer.rows == 0 then
      return require("funcseek.answer").tell(answer)
    end
    require("funcseek.picker").list(new_question("Funcseek similar", options), answer)
  end, 0)
  last = function()
    show_similar(params, bufnr, options)
  end
end

---@param range [integer, integer]
---@return lsp.Range
local function whole_lines(range)
  return { start = { line = range[1] - 1, character = 0 }, ["end"] = { line = range[2], character = 0 } }
end

--- List the functions like the one under the cursor, or like those in some lines.
---@param options? funcseek.SimilarOptions
function M.similar(options)
  options = options or {}
  local bufnr, window = vim.api.nvim_get_current_buf(), vim.api.nvim_get_current_win()
  require("funcseek.client").with(bufnr, function(client, problem)
    if not client then
      return message().error(problem or "")
    end
    local params = vim.lsp.util.make_position_params(window, client.offset_encoding) --[[@as table]]
    if options.range then
      params.position, params.range = nil, whole_lines(options.range)
    end
    params.limit = options.limit or require("funcseek.config").get().limit
    params.sameLanguage = options.sameLanguage
    params.kinds, params.changedSince = options.kinds, options.changedSince
    show_similar(params, bufnr, options)
  end)
end

--- The client's side of the command `funcseek.showSimilar`, which code actions and code lenses of the server name.
---@param command lsp.Command its one argument is `{ textDocument, position }`
---@param context { bufnr?: integer }
function M.show_similar(command, context)
  local asked = (command.arguments or {})[1]
  if type(asked) ~= "table" or not asked.textDocument then
    return message().error("funcseek.showSimilar needs a textDocument and a position.")
  end
  local params = vim.tbl_extend("keep", asked, { limit = require("funcseek.config").get().limit })
  show_similar(params, context.bufnr or vim.api.nvim_get_current_buf(), {})
end

--- Repeat the last search with its words, or the last question for similar functions.
function M.resume()
  if not last then
    return message().info("Nothing was searched yet.")
  end
  last()
end

--- Return a short text on the server's work, for a status line.
---@return string
function M.statusline()
  return require("funcseek.statusline").text()
end

return M
