#!/usr/bin/env Rscript
#' Add two numbers.
#'
#' @param x,y Numbers.
#' @return Their sum.
#' @export
add <- function(x, y = 2) {
  # Nested.
  check = function(value) stopifnot(is.numeric(value))
  check(x)
  x + y
}

short = \(x) x + 1
counter <<- function() NULL
"quoted name" <- function(a) a
`%+%` <- function(a, b) paste0(a, b)
`names<-.pool` <- function(x, value) {
  x
}

# S3.
print.pool <- function(x, ...) {
  cat("pool\n")
}
slow <- memoise::memoise(function(n) n^2)

pool$get <- function(key) pool[[key]]
pool[["put"]] <- function(key, value) NULL
helpers <- list(
  # Trim both ends.
  trim = function(text) gsub("^ +| +$", "", text),
  limit = 3
)

#' A queue.
Queue <- R6::R6Class("Queue",
  public = list(
    items = NULL,
    #' @description Make one.
    initialize = function(items = list()) {
      self$items <- items
    },
    push = function(item) {
      self$items <- c(self$items, item)
      invisible(self)
    }
  ),
  active = list(
    size = function() length(self$items)
  )
)

Queue$set("public", "peek", function() self$items[[1]])
Queue$set("private", "all", overwrite = TRUE, value = function() self$items)
queue$private$drop <- function() NULL
options$set("digits", "many", function() 7)

Account <- setRefClass("Account",
  fields = list(balance = "numeric"),
  methods = list(
    deposit = function(amount) {
      balance <<- balance + amount
    }
  )
)
Account$methods(withdraw = function(amount) deposit(-amount))

#' The area of a shape.
setGeneric("area", function(shape, ...) standardGeneric("area"))
setMethod("area", "Circle", function(shape, ...) pi * shape@radius^2)
setMethod("show", signature(object = "Circle"), definition = function(object) {
  cat("circle\n")
})

sapply(1:3, function(x) x)
tryCatch(stop(), error = function(e) NULL)

test_that("adding works", {
  expect_equal(add(1, 1), 2)
})
test_add <- function() expect_equal(add(1), 3)
