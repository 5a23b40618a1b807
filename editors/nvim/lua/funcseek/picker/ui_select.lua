--- Without a picker plugin: ask for the words, then choose with `vim.ui.select`, which whoever likes may have replaced.

local Answer = require("funcseek.answer")
local Open = require("funcseek.open")
local Picker = require("funcseek.picker")

local M = {}

---@param question funcseek.Question
---@param answer funcseek.Answer
function M.list(question, answer)
  local options = {
    prompt = Picker.title(question, answer),
    kind = "funcseek",
    format_item = function(row)
      return row.text
    end,
  }
  vim.ui.select(answer.rows, options, function(row)
    if row then
      Open.row(row, "edit")
    end
  end)
end

---@param question funcseek.Question
---@param words string
local function search(question, words)
  question.ask(words, function(answer)
    if #answer.rows > 0 then
      M.list(question, answer)
    else
      Answer.tell(answer)
    end
  end, 0)
end

---@param question funcseek.Question
function M.live(question)
  if question.words ~= "" then
    return search(question, question.words)
  end
  vim.ui.input({ prompt = "What does the function do? " }, function(words)
    if words and vim.trim(words) ~= "" then
      search(question, words)
    end
  end)
end

return M
