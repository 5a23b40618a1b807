(ns my.pool
  "A pool."
  (:require [clojure.string :as str]
            [clojure.test :refer (deftest is)]))

;; Not attached.

(defn take-one
  "Take one item
  out of the pool."
  {:added "1.0"}
  [pool]
  (let [pick (fn [items] (first items))
        rest-of #(rest %)]
    [(pick pool) (rest-of pool)]))

; Put one back.
(defn- ^:private put!
  ([pool] (put! pool nil))
  ([pool item]
   (conj pool item)))

(defn ^{:doc "Typed."} typed ^long [^long x] x)

(defmacro with-pool
  "Run the body with a pool."
  [binding & body]
  `(let ~binding ~@body))

(def twice (fn [x] (* 2 x)))
(def ^:private half "Half of it." #(/ % 2))
(def limit 10)
(def table {:a (fn [x] x)})

(defmulti area "The area of a shape." :shape)
(defmethod area :circle [{:keys [r]}] (* 3 r r))
(defmethod area :default [_] 0)

(defprotocol Queue
  "First in, first out."
  (push [this item] "Add an item.")
  (pop-one [this]
    [this default]))

(defrecord Bounded [items limit]
  Queue
  (push [this item]
    (update this :items conj item))
  ;; The oldest.
  (pop-one [_] (first items))
  Object
  (toString [_] "bounded"))

(deftype Empty []
  Queue
  (pop-one [_] nil))

(extend-type String
  Queue
  (pop-one [text] (subs text 0 1)))

(defn anonymous []
  (letfn [(even-one? [n] (odd-one? (dec n)))
          (odd-one? [n] (even-one? (dec n)))]
    (reify Queue
      (push [_ item] item))))

(s/defn schema-checked :- s/Int
  "With a schema."
  [x :- s/Int]
  x)

(deftest taking-test
  (is (= 1 (take-one [1]))))

#_(defn gone [pool]
    #_(defn long-gone [pool] pool)
    (reify Queue
      (push [_ item] item)))
(defn- still-there [#_pool item] #_(defn never [] nil) item)
