--- fzf-lua: lines that are written anew after each change of the query, which fzf does not match (`--disabled`).

local Open = require("funcseek.open")
local Picker = require("funcseek.picker")
local Preview = require("funcseek.preview")
local Quickfix = require("funcseek.quickfix")

local M = {}

---@class funcseek.FzfRows rows by the number that begins their line
---@field rows funcseek.Row[]
---@field shown funcseek.Row[] those of the last answer

---@param line string
---@param known funcseek.FzfRows
---@return funcseek.Row?
local function row_of(line, known)
  return known.rows[tonumber(line:match("^(%d+)\t")) or 0]
end

--- Return a row's line: its number, which fzf hides, and its coloured text.
---@param row funcseek.Row
---@param known funcseek.FzfRows
---@return string
local function to_line(row, known)
  known.rows[#known.rows + 1] = row
  local colours = require("fzf-lua.utils")
  local shown = vim.iter(row.chunks):map(function(chunk)
    return chunk[2] and colours.ansi_from_hl(chunk[2], chunk[1]) or chunk[1]
  end)
  return ("%d\t%s"):format(#known.rows, shown:join(""))
end

---@param known funcseek.FzfRows
---@return table class
local function previewer(known)
  local class = require("fzf-lua.previewer.builtin").base:extend()
  function class:new(o, opts)
    class.super.new(self, o, opts)
    return self
  end
  function class:populate_preview_buf(line)
    local row = row_of(line, known)
    if not row then
      return
    end
    local bufnr = self:get_tmp_buffer()
    local cursor = Preview.fill(bufnr, row)
    self:set_preview_buf(bufnr)
    self.win:update_preview_title(" " .. row.place .. " ")
    Preview.centre(self.win.preview_winid, cursor)
  end
  return class
end

---@param lines string[]
---@param known funcseek.FzfRows
---@return funcseek.Row[]
local function rows_of(lines, known)
  return vim
    .iter(lines)
    :map(function(line)
      return row_of(line, known)
    end)
    :totable()
end

---@param question funcseek.Question
---@param known funcseek.FzfRows
---@return table<string, function>
local function actions(question, known)
  local function open(way)
    return function(lines)
      local rows = rows_of(lines, known)
      if #rows > 1 then
        Quickfix.show(rows, vim.trim(question.title .. ": " .. question.words))
      elseif rows[1] then
        Open.row(rows[1], way)
      end
    end
  end
  local function to_quickfix(lines)
    -- Of all rows where none was marked: fzf selects them all by itself from version 0.53 on only.
    local rows = #lines > 1 and rows_of(lines, known) or known.shown
    Quickfix.show(rows, vim.trim(question.title .. ": " .. question.words))
  end
  return {
    ["enter"] = open("edit"),
    ["ctrl-s"] = open("split"),
    ["ctrl-v"] = open("vsplit"),
    ["ctrl-t"] = open("tab"),
    ["alt-q"] = to_quickfix,
  }
end

---@param question funcseek.Question
---@param known funcseek.FzfRows
---@return table
local function options(question, known)
  return {
    prompt = "Funcseek> ",
    query = question.words,
    actions = actions(question, known),
    previewer = {
      _ctor = function()
        return previewer(known)
      end,
    },
    fzf_opts = {
      ["--delimiter"] = "\t",
      ["--with-nth"] = "2..",
      ["--multi"] = true,
      -- The first line says what is to be said about the others; fzf has no other place that changes with them.
      ["--header-lines"] = 1,
      ["--no-sort"] = true,
    },
  }
end

--- Return all lines of an answer, the header first.
---@param question funcseek.Question
---@param answer funcseek.Answer
---@param known funcseek.FzfRows
---@return string[]
local function to_lines(question, answer, known)
  known.shown = answer.rows
  local lines = { "0\t" .. Picker.title(question, answer) }
  for _, row in ipairs(answer.rows) do
    lines[#lines + 1] = to_line(row, known)
  end
  return lines
end

---@param question funcseek.Question
function M.live(question)
  local known = { rows = {}, shown = {} }
  require("fzf-lua").fzf_live(function(args)
    return function(write)
      vim.schedule(function()
        -- fzf starts a process for every key and ends the one before: that is pause enough.
        question.ask(args[1] or "", function(answer)
          vim.iter(to_lines(question, answer, known)):each(write)
          write(nil)
        end, 0)
      end)
    end
  end, vim.tbl_extend("force", options(question, known), { exec_empty_query = true }, question.options))
end

---@param question funcseek.Question
---@param answer funcseek.Answer
function M.list(question, answer)
  local known = { rows = {}, shown = {} }
  local lines = to_lines(question, answer, known)
  require("fzf-lua").fzf_exec(lines, vim.tbl_extend("force", options(question, known), question.options))
end

return M
