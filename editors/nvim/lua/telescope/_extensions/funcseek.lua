--- `:Telescope funcseek` and `:Telescope funcseek similar`, after `require("telescope").load_extension("funcseek")`.
---
--- Telescope's own picker of workspace symbols filters by name and hides what was found by meaning.

local funcseek = require("funcseek")

return require("telescope").register_extension({
  exports = {
    funcseek = function(options)
      options = options or {}
      funcseek.search({ query = options.default_text, picker = "telescope", picker_options = options })
    end,
    similar = function(options)
      funcseek.similar({ picker = "telescope", picker_options = options })
    end,
  },
})
