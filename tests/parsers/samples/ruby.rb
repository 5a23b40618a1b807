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
    end

    # Hidden from the outside.
    private def evict(key)
      @items.delete(key)
    end

    # Made on the way.
    define_method(:dynamic) { |x| x }
    TWICE = ->(n) { n * 2 }
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
