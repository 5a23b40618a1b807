--- telescope.nvim: a finder that asks the server and a sorter that leaves its order alone.

local Location = require("funcseek.location")
local Open = require("funcseek.open")
local Picker = require("funcseek.picker")
local Preview = require("funcseek.preview")

local M = {}

-- Telescope's ways of selecting, as ours.
local WAYS = { default = "edit", horizontal = "split", vertical = "vsplit", tab = "tab" }

---@param row funcseek.Row
---@return string
---@return table highlights
local function display(row)
  local highlights, at = {}, 0
  for _, chunk in ipairs(row.chunks) do
    local past = at + #chunk[1]
    if chunk[2] then
      highlights[#highlights + 1] = { { at, past }, chunk[2] }
    end
    at = past
  end
  return row.text, highlights
end

---@param row funcseek.Row
---@return table
local function to_entry(row)
  local line, byte = Location.target(row)
  return {
    value = row,
    ordinal = row.text,
    display = function()
      return display(row)
    end,
    -- For the quickfix list.
    filename = row.file,
    lnum = line + 1,
    col = byte + 1,
    text = row.text,
  }
end

local function previewer()
  return require("telescope.previewers").new_buffer_previewer({
    title = "Function",
    dyn_title = function(_, entry)
      return entry.value.place
    end,
    define_preview = function(self, entry)
      local cursor = Preview.fill(self.state.bufnr, entry.value)
      vim.schedule(function()
        Preview.centre(self.state.winid, cursor)
      end)
    end,
  })
end

--- Have every way of selecting go through ours: it lands on the name, in the window the search was started from.
---@param prompt_bufnr integer
local function attach_mappings(prompt_bufnr)
  require("telescope.actions.set").select:replace(function(_, kind)
    local entry = require("telescope.actions.state").get_selected_entry()
    if not entry then
      return
    end
    require("telescope.actions").close(prompt_bufnr)
    -- Leaving insert mode, which is still to come, moves the cursor by one.
    vim.schedule(function()
      Open.row(entry.value, WAYS[kind] or "edit")
    end)
  end)
  return true
end

---@param question funcseek.Question
---@param more table
---@return table picker
local function new_picker(question, more)
  return require("telescope.pickers").new(
    question.options,
    vim.tbl_extend("force", {
      prompt_title = question.title,
      results_title = "Functions",
      previewer = previewer(),
      attach_mappings = attach_mappings,
    }, more)
  )
end

--- Return a finder that is called with every change of the prompt.
---@param question funcseek.Question
---@param set_title fun(title: string)
local function live_finder(question, set_title)
  local function find(_, words, on_entry, on_complete)
    question.ask(words, function(answer)
      set_title(Picker.title(question, answer))
      for index, row in ipairs(answer.rows) do
        local entry = to_entry(row)
        entry.index = index
        if on_entry(entry) then
          return
        end
      end
      on_complete()
    end, Picker.debounce_ms())
  end
  return setmetatable({ close = question.cancel }, { __call = find })
end

---@param question funcseek.Question
function M.live(question)
  local picker
  local function set_title(title)
    local border = picker.results_border
    if border and picker.results_win and vim.api.nvim_win_is_valid(picker.results_win) then
      border:change_title(title)
    end
  end
  picker = new_picker(question, {
    default_text = question.words,
    finder = live_finder(question, set_title),
    sorter = require("telescope.sorters").empty(),
  })
  function question.refresh()
    picker:refresh(nil, { reset_prompt = false })
  end
  picker:find()
end

---@param question funcseek.Question
---@param answer funcseek.Answer
function M.list(question, answer)
  new_picker(question, {
    results_title = Picker.title(question, answer),
    finder = require("telescope.finders").new_table({ results = answer.rows, entry_maker = to_entry }),
    sorter = require("telescope.config").values.generic_sorter(question.options),
  }):find()
end

return M
