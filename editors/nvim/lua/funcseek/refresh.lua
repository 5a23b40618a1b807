--- Has an open picker ask again once the server is done with what its answer lacked, so that nobody need type again.
--- Polls nothing: the server tells when it has nothing left to do.

local M = {}

--- Wait no longer.
---@param question funcseek.Question
function M.stop(question)
  if question.waiting then
    pcall(vim.api.nvim_del_autocmd, question.waiting)
    question.waiting = nil
  end
end

--- Take up an answer: where it was partial, have the picker ask once more when the server is done.
---@param question funcseek.Question
---@param answer funcseek.Answer
function M.after(question, answer)
  M.stop(question)
  if not answer.is_partial or not question.refresh then
    return
  end
  question.waiting = vim.api.nvim_create_autocmd("User", {
    pattern = "FuncseekStatus",
    callback = function(event)
      if event.data.line.quiescent then
        M.stop(question)
        question.refresh()
      end
    end,
  })
end

return M
