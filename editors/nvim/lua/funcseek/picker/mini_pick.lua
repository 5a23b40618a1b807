--- mini.pick: items set by us after each change of the query, which it does not match again.

local MiniPick = require("mini.pick")
local Open = require("funcseek.open")
local Picker = require("funcseek.picker")
local Preview = require("funcseek.preview")
local Quickfix = require("funcseek.quickfix")

local M = {}

local NAMESPACE = vim.api.nvim_create_namespace("funcseek.mini_pick")

---@param bufnr integer
---@param items table[]
local function show(bufnr, items)
  local lines = vim.tbl_map(function(item)
    return item.text
  end, items)
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  vim.api.nvim_buf_clear_namespace(bufnr, NAMESPACE, 0, -1)
  for index, item in ipairs(items) do
    local at = 0
    for _, chunk in ipairs(item.funcseek.chunks) do
      local past = at + #chunk[1]
      if chunk[2] then
        vim.api.nvim_buf_set_extmark(bufnr, NAMESPACE, index - 1, at, { end_col = past, hl_group = chunk[2] })
      end
      at = past
    end
  end
end

---@param bufnr integer
---@param item table
local function preview(bufnr, item)
  local cursor = Preview.fill(bufnr, item.funcseek)
  Preview.centre(MiniPick.get_picker_state().windows.main, cursor)
end

---@param item table
local function choose(item)
  local window = MiniPick.get_picker_state().windows.target
  -- Once the picker has closed its window: until then the target is not the current one.
  vim.schedule(function()
    if vim.api.nvim_win_is_valid(window) then
      vim.api.nvim_set_current_win(window)
    end
    Open.row(item.funcseek, "edit")
  end)
end

---@param question funcseek.Question
local function choose_marked(question)
  return function(items)
    local rows = vim.tbl_map(function(item)
      return item.funcseek
    end, items)
    vim.schedule(function()
      Quickfix.show(rows, vim.trim(question.title .. ": " .. question.words))
    end)
  end
end

---@param rows funcseek.Row[]
---@return table[]
local function to_items(rows)
  return vim.tbl_map(function(row)
    return { text = row.text, funcseek = row }
  end, rows)
end

---@param question funcseek.Question
---@param source table
local function start(question, source)
  MiniPick.start({
    source = vim.tbl_extend("force", {
      name = question.title,
      show = show,
      preview = preview,
      choose = choose,
      choose_marked = choose_marked(question),
    }, source),
  })
end

---@param question funcseek.Question
---@param words string
---@param options table
local function ask(question, words, options)
  question.ask(words, function(answer)
    if MiniPick.is_picker_active() then
      MiniPick.set_picker_opts({ source = { name = Picker.title(question, answer) } })
      MiniPick.set_picker_items(to_items(answer.rows), options)
    end
  end, Picker.debounce_ms())
end

---@param question funcseek.Question
function M.live(question)
  local last
  local function match(_, _, query)
    local words = table.concat(query)
    -- It is also called when items are set, and then nothing is to be asked.
    if words ~= last then
      last = words
      ask(question, words, { do_match = false })
    end
  end
  function question.refresh()
    ask(question, question.words, { do_match = false })
  end
  if question.words ~= "" then
    vim.schedule(function()
      MiniPick.set_picker_query(vim.fn.split(question.words, "\\zs"))
    end)
  end
  start(question, { items = {}, match = match })
  question.cancel()
end

---@param question funcseek.Question
---@param answer funcseek.Answer
function M.list(question, answer)
  start(question, { name = Picker.title(question, answer), items = to_items(answer.rows) })
end

return M
