{-# LANGUAGE LambdaCase #-}
-- A pool of connections: the sample for Haskell.
module Net.Pool (open, Pool (..)) where

import Data.Map (Map)

data Pool = Pool { size :: Int, free :: Int }

-- | Opens a connection.
--
-- Tries again.
open :: String -> Int -> Maybe Pool
open "" _ = Nothing
open host port
  | port > 0 = attempt 1
  | otherwise = Nothing
  where
    attempt n = Just (twice n)
    twice m = Pool m m

{- | Says whether one is free. -}
isFree :: Pool -> Bool
isFree = (> 0) . free
{-# INLINE isFree #-}

limit :: Int
limit = 10

describe = \case
  0 -> "none"
  _ -> "some"

infixl 6 +++
(+++) :: Pool -> Pool -> Pool
(+++) a b = a
a `merge` b = a

class Closeable a where
  -- | Closes it.
  close :: a -> IO ()
  reopen :: a -> a
  reopen x = x

instance Closeable Pool where
  close _ = pure ()

main :: IO ()
main = do
  let helper x = x + 1
  print (helper 1)
