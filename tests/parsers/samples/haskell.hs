{-# LANGUAGE LambdaCase #-}
-- A pool of connections: the sample for Haskell.
module Net.Pool (open, Pool (..)) where

import Data.Map (Map)

data Pool = Pool { size :: Int, free :: Int -> Int }

-- | Opens a connection.
--
-- Tries again.
open :: String -> Int -> Maybe Pool
open "" _ = Nothing
-- A clause of the same function.
open host port
  | port > 0 = attempt 1
  | otherwise = Nothing
  where
    attempt :: Int -> Maybe Pool
    attempt n = Just (twice n)
    twice m = Pool m m
    (<->) a b = a
    inner = \x -> x

{- | Says whether one is free. -}
isFree :: Pool -> Bool
isFree = (> 0) . free
{-# INLINE isFree #-}

-- | Moves one.
move
  :: Pool -- ^ from here
  -> Pool -- ^ to there
  -> Pool -- ^ what is left
move a b = a

closed :: Pool -> Pool
closed pool = pool
-- ^ Closes it.

limit :: Int
limit = 10

forAll :: forall a. Show a => a -> String
forAll = show

describe = \case
  0 -> "none"
  _ -> "some"

both, either :: Pool -> Pool
both x = x
either x = x

composed = reverse . sort
strict !x = x
(x, y) = (1, 2)

infixl 6 +++
(+++) :: Pool -> Pool -> Pool
(+++) a b = a
a `merge` b = a
a |> f = f a
(f .: g) x y = f (g x y)

foreign import ccall "math.h sin" c_sin :: Double -> Double

class Closeable a where
  {-# MINIMAL close #-}
  -- | Closes it.
  close :: a -> IO ()
  reopen :: a -> a
  reopen x = x
  (<+>), (<->) :: a -> a -> a
  named :: String
  named = "none"

instance Closeable Pool where
  close _ = pure ()
  a <+> b = a
  named = "pool"

instance Closeable a => Closeable (Maybe a) where
  close = mapM_ close

main :: IO ()
main = do
  let helper x = x + 1
      other = \x -> x
  print (helper 1)

testOpen = do
  print 1
