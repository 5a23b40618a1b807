#!/usr/bin/env ruby
# A pool of connections: the sample for Ruby.
# frozen_string_literal: true

require 'set'

module Net::Pooling
  # Holds connections.
  class Pool < Base
    include Enumerable
    attr_reader :size

    # Makes a pool.
    #
    # @param size [Integer] how many
    # rubocop:disable Metrics
    def initialize(size, host: 'localhost', **options, &block)
      super()
      @size = size
    end

    # Says whether one is free.
    def free? = @size.positive?

    def size=(value)
      @size = value
    end

    def [](key) @items[key] end
    def ==(other) true end
    def clear!; end

    def self.open(host,
                  port = 5432)
      new(1)
    end

    class << self
      def default
        @default ||= new(4)
      end

      # Closes all.
      private def close_all(*) = @all.each(&:close)

      def default=(pool)
        @default = pool
      end
    end

    # Hidden from the outside.
    private def evict(key)
      @items.delete(key)
    end

    # Made on the way.
    define_method(:dynamic) { |x| x }
    TWICE = ->(n) { n * 2 }
    define_method("size_of_#{kind}") do |unit|
      size * unit
    end
    define_method :"full?", ->(limit = 1) { size > limit }
    client.define_singleton_method(:ping) { true }
    HANDLERS = { open: ->(x) { x }, 'close' => proc { |x| x } }
    @checker = -> { true }
    @waiter ||= lambda do |seconds|
      sleep seconds
    end
    @@log = Proc.new { |line| puts line }
    scope :recent, -> { where(1) }

    class Stats; def total() 0; end; end
  end
end

Point = Struct.new(:x, :y) do
  def norm
    Math.sqrt(x * x)
  end
end

def top_level a, b
  helper = lambda do |n|
    n + 1
  end
  helper.call(a) + b
end

def object.single; end
adder = proc { |a, b| a + b }

=begin
Measures in a block comment.
=end
def measured(a, b:, **nil)
  text = <<~HERE
    def not_a_method; end
  HERE
  text + b
rescue KeyError
  nil
end

# Kept to itself.
private_class_method def self.secret(...) = other(...)

Coordinates = Data.define(:x, :y) do
  def +(other) = with(x: x + other.x)
  def -@ = with(x: -x)
  def `(command) = command
end

module Helpers
  module_function

  def helped(value) # Not about the next.
    value
  end
  def next_to_it; end
end

class Net::Pooling::Error < StandardError
  def message() = "broken"
end

module Numbers
  def Numbers.one = 1
  def Other.two = 2
end

class ClientTest < Minitest::Test
  # Runs.
  test "opens a pool" do
    assert true
  end

  def test_opens; end
end

Quiet = Class.new(Error) do
  def quiet?
    true
  end
end
