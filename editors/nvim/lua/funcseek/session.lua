--- Questions asked one after another, of which only the last counts: each cancels the one before, and no answer but the
--- last one's is heard. Knows nothing of pickers.

local Answer = require("funcseek.answer")
local Client = require("funcseek.client")

---@class funcseek.Session
---@field private bufnr integer
---@field private turn integer
---@field private timer? uv.uv_timer_t
---@field private pending? funcseek.Pending
local Session = {}
Session.__index = Session

---@class funcseek.Pending
---@field client vim.lsp.Client
---@field id integer
---@field forget fun() has nothing done any more when the client's server ends

---@class funcseek.Request
---@field method "funcseek/search"|"funcseek/similar"
---@field params table
---@field words string

local M = {}

--- Begin; the questions are about the project of a buffer.
---@param bufnr integer
---@return funcseek.Session
function M.new(bufnr)
  return setmetatable({ bufnr = bufnr, turn = 0 }, Session)
end

--- Ask after a pause, unless something else is asked before it is over.
---@param request funcseek.Request
---@param on_answer fun(answer: funcseek.Answer)
---@param delay_ms integer
function Session:ask(request, on_answer, delay_ms)
  self:cancel()
  local turn = self.turn
  self.timer = vim.defer_fn(function()
    if turn == self.turn then
      self:send(request, on_answer)
    end
  end, delay_ms)
end

---@private
---@param request funcseek.Request
---@param on_answer fun(answer: funcseek.Answer)
function Session:send(request, on_answer)
  local turn = self.turn
  local function hear(answer)
    if turn == self.turn then
      self:forget()
      on_answer(answer)
    end
  end
  Client.with(self.bufnr, function(client, problem)
    if turn ~= self.turn then
      return
    elseif not client then
      return hear(Answer.failure(request.words, problem or ""))
    end
    self:request(client, request, hear)
  end)
end

---@private
---@param client vim.lsp.Client
---@param request funcseek.Request
---@param hear fun(answer: funcseek.Answer)
function Session:request(client, request, hear)
  local is_sent, id = client:request(request.method, request.params, function(err, result)
    local answer = err and Answer.failure(request.words, err.message) or Answer.of(request.words, result, client)
    hear(answer)
  end, vim.api.nvim_buf_is_valid(self.bufnr) and self.bufnr or 0)
  local function fail()
    hear(Answer.failure(request.words, "The language server has ended; search again to start it."))
  end
  if is_sent then
    self.pending = { client = client, id = assert(id), forget = Client.when_ended(client.id, fail) }
  else
    fail()
  end
end

---@private
---@return funcseek.Pending?
function Session:forget()
  local pending = self.pending
  self.pending = nil
  if pending then
    pending.forget()
  end
  return pending
end

--- Lose interest in what was asked last. Its callback is never called: Neovim mutes the answer to a cancelled request.
function Session:cancel()
  self.turn = self.turn + 1
  if self.timer and not self.timer:is_closing() then
    self.timer:close()
  end
  self.timer = nil
  local pending = self:forget()
  if pending and not pending.client:is_stopped() then
    pending.client:cancel_request(pending.id)
  end
end

return M
