--- The server's answer as what a person sees: rows in the server's order, and sentences on how good and how complete they
--- are. Changes no order and drops nothing.

local Message = require("funcseek.message")
local Row = require("funcseek.row")

local M = {}

---@class funcseek.Answer
---@field words string what was asked
---@field rows funcseek.Row[]
---@field sentences string[] what is to be said about them, the most important first
---@field failed boolean whether the first sentence is an error
---@field is_partial boolean whether it may become better by itself

---@param result table
---@return string?
local function completeness(result)
  local coverage = result.coverage
  if coverage.pendingFiles > 0 and #result.notices == 0 then
    return ("%d changed files are still being read"):format(coverage.pendingFiles)
  elseif type(result.model) == "string" and coverage.embedded < coverage.functions then
    -- Without a model a notice says so.
    local share = math.floor(100 * coverage.embedded / coverage.functions)
    return ("%d %% of %d functions found by meaning yet, the rest by words"):format(share, coverage.functions)
  end
end

---@param result table
---@param words string
---@return string[]
local function sentences(result, words)
  local said = {}
  if #result.items == 0 and words ~= "" then
    said[1] = "No function found"
  elseif #result.items > 0 and not result.isConfident then
    said[1] = "No good match; the nearest:"
  end
  vim.list_extend(said, result.notices)
  said[#said + 1] = completeness(result)
  return said
end

--- Return the answer of a client.
---@param words string
---@param result table
---@param client vim.lsp.Client
---@return funcseek.Answer
function M.of(words, result, client)
  local rows = vim.tbl_map(function(item)
    return Row.of(item, client)
  end, result.items)
  local is_partial = #result.notices > 0 or completeness(result) ~= nil
  return { words = words, rows = rows, sentences = sentences(result, words), failed = false, is_partial = is_partial }
end

--- Return the answer that an error is.
---@param words string
---@param message string
---@return funcseek.Answer
function M.failure(words, message)
  return { words = words, rows = {}, sentences = { message }, failed = true, is_partial = false }
end

--- Return the sentences as one line, for a title; empty where there is nothing to say.
---@param answer funcseek.Answer
---@return string
function M.headline(answer)
  return (table.concat(answer.sentences, " · "):gsub("%s+", " "))
end

--- Say in a message what an answer without rows is.
---@param answer funcseek.Answer
function M.tell(answer)
  local said = M.headline(answer)
  local tell = answer.failed and Message.error or Message.info
  tell(said ~= "" and said or "No function is like this one.")
end

return M
