--- snacks.picker: a live source whose rows are neither matched nor sorted again. Keys and windows are the user's own.

local Location = require("funcseek.location")
local Picker = require("funcseek.picker")
local Preview = require("funcseek.preview")
local Quickfix = require("funcseek.quickfix")

local M = {}

---@param row funcseek.Row
---@return snacks.picker.finder.Item
local function to_item(row)
  local line, byte = Location.target(row)
  return { text = row.text, file = row.file, pos = { line + 1, byte }, funcseek = row }
end

local function preview(ctx)
  ctx.preview:reset()
  ctx.preview:set_title(ctx.item.funcseek.place)
  local cursor = Preview.fill(ctx.buf, ctx.item.funcseek)
  Preview.centre(ctx.win, cursor)
end

---@param question funcseek.Question
local function to_quickfix(question)
  return function(picker)
    local chosen = picker:selected()
    local items = #chosen > 0 and chosen or picker:items()
    picker:close()
    local rows = vim.tbl_map(function(item)
      return item.funcseek
    end, items)
    Quickfix.show(rows, vim.trim(question.title .. ": " .. question.words))
  end
end

---@param question funcseek.Question
---@param more table
local function pick(question, more)
  local options = {
    source = "funcseek",
    title = question.title,
    format = function(item)
      return item.funcseek.chunks
    end,
    preview = preview,
    sort = { fields = { "idx" } },
    jump = { tagstack = true },
    actions = { qflist = to_quickfix(question), qflist_all = to_quickfix(question) },
    on_close = question.cancel,
  }
  return require("snacks.picker").pick(vim.tbl_extend("force", options, question.options, more))
end

---@param picker snacks.Picker
---@param title string
local function set_title(picker, title)
  vim.schedule(function()
    if not picker.closed then
      picker.title = title
      picker:update_titles()
    end
  end)
end

--- Wait, in the coroutine of a search, for its answer.
---@async
---@param question funcseek.Question
---@param words string
---@return funcseek.Answer
local function wait_for(question, words)
  local async = require("snacks.picker.util.async").running()
  local answer
  vim.schedule(function()
    -- snacks waits for further keys by itself; what was asked before is cancelled by this.
    question.ask(words, function(got)
      answer = got
      async:resume()
    end, 0)
  end)
  while not answer do
    async:suspend()
  end
  return answer
end

---@param question funcseek.Question
function M.live(question)
  local picker = pick(question, {
    live = true,
    supports_live = true,
    search = question.words,
    finder = function(_, ctx)
      local words = ctx.filter.search
      return function(add)
        local answer = wait_for(question, words)
        set_title(ctx.picker, Picker.title(question, answer))
        for _, row in ipairs(answer.rows) do
          add(to_item(row))
        end
      end
    end,
  })
  function question.refresh()
    picker:find({ refresh = true })
  end
end

---@param question funcseek.Question
---@param answer funcseek.Answer
function M.list(question, answer)
  pick(question, { title = Picker.title(question, answer), items = vim.tbl_map(to_item, answer.rows) })
end

return M
