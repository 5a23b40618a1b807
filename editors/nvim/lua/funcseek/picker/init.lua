--- Which picker shows what is found, and what each of them must offer: `live(question)` and `list(question, answer)`.
---
--- None may filter or sort what the server has ranked. What is to be said about an answer stands in the picker's own
--- window, and only where it has no place for it in a message.

local M = {}

---@class funcseek.Question
---@field title string
---@field words string what was asked last
---@field picker? funcseek.PickerName another one than the settings'
---@field options table the picker's own
---@field ask? fun(words: string, on_answer: fun(answer: funcseek.Answer), delay_ms: integer) cancels the question before
---@field cancel? fun()
---@field refresh? fun() asks again for the same words; set by pickers that can
---@field waiting? integer the autocommand that will do so

---@class funcseek.Picker
---@field live fun(question: funcseek.Question) asks with every key
---@field list fun(question: funcseek.Question, answer: funcseek.Answer) shows one answer

---@param module string
---@return fun(): boolean
local function has(module)
  return function()
    return (pcall(require, module))
  end
end

-- In the order they are looked for. A picker that only lies there, as one module of a collection that is used for
-- another, is used where it is asked for by name; `is_set_up` tells the two apart, where they differ.
---@type { name: funcseek.PickerName, is_there: (fun(): boolean), is_set_up?: fun(): boolean }[]
local KNOWN = {
  {
    name = "snacks",
    is_there = has("snacks.picker"),
    is_set_up = function()
      return vim.tbl_get(_G, "Snacks", "config", "picker", "enabled") == true
    end,
  },
  { name = "telescope", is_there = has("telescope.pickers") },
  {
    name = "fzf_lua",
    is_there = function()
      return has("fzf-lua")() and (vim.fn.executable("fzf") == 1 or vim.fn.executable("sk") == 1)
    end,
  },
  {
    name = "mini_pick",
    is_there = has("mini.pick"),
    is_set_up = function()
      return _G.MiniPick ~= nil
    end,
  },
}

--- Return the picker that is used, and a sentence where it is not the one that was asked for.
---@param wanted? funcseek.PickerName the settings' by default
---@return funcseek.PickerName
---@return string? problem
function M.chosen(wanted)
  wanted = wanted or require("funcseek.config").get().picker
  for _, known in ipairs(KNOWN) do
    local is_meant = wanted == known.name or (wanted == "auto" and (not known.is_set_up or known.is_set_up()))
    if is_meant and known.is_there() then
      return known.name
    end
  end
  if wanted == "auto" or wanted == "ui_select" then
    return "ui_select"
  end
  return "ui_select", ("The picker %s is not installed; vim.ui.select is used."):format(wanted)
end

---@type table<string, true>
local warned = {}

---@param wanted? funcseek.PickerName
---@return funcseek.Picker
local function picker(wanted)
  local name, problem = M.chosen(wanted)
  if problem then
    if not warned[problem] then
      warned[problem] = true
      require("funcseek.message").warn(problem)
    end
  end
  require("funcseek.highlight").define()
  return require("funcseek.picker." .. name)
end

--- Search as one types.
---@param question funcseek.Question
function M.live(question)
  picker(question.picker).live(question)
end

--- Show one answer.
---@param question funcseek.Question
---@param answer funcseek.Answer
function M.list(question, answer)
  picker(question.picker).list(question, answer)
end

--- Return the title over an answer.
---@param question funcseek.Question
---@param answer funcseek.Answer
---@return string
function M.title(question, answer)
  local said = require("funcseek.answer").headline(answer)
  return said == "" and question.title or ("%s: %s"):format(question.title, said)
end

--- Return how long to wait for the next key.
---@return integer
function M.debounce_ms()
  return require("funcseek.config").get().debounce_ms
end

return M
