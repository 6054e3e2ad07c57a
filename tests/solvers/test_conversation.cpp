#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "solvers/conversation.hpp"

using namespace coronet;

namespace {

struct Sum {
  int a = 0, b = 0, answer = 0;
};
template <class T> using Talk = Conversation<T, Sum>;

Talk<int> adding(int a, int b) {
  Sum sum{a, b};
  co_await ask(sum);
  co_return sum.answer;
}
Talk<std::string> asking_nothing() { co_return "nothing"; }
Talk<void> triangle(int n, std::vector<int>& seen) {
  int total = 0;
  for (int i = 1; i <= n; ++i) {
    total = co_await adding(total, i);
    seen.push_back(total);
  }
  Sum last{total, 1000};
  co_await ask(last);
  seen.push_back(last.answer);
}
Talk<int> refusing(bool at_once) {
  if (!at_once) co_await adding(1, 2);
  throw std::runtime_error("refused");
}
Talk<int> catching() {
  try {
    co_return co_await refusing(false);
  } catch (const std::runtime_error&) {
  }
  co_return 7;
}
void add(Sum& s) { s.answer = s.a + s.b; }

}  // namespace

TEST_CASE("a conversation stops at each question, also in its parts, and goes on with the answer") {
  std::vector<int> seen;
  Talk<void> talk = triangle(3, seen);
  int asked = 0;
  for (talk.proceed(); talk.waits(); talk.proceed()) {
    CHECK(static_cast<int>(seen.size()) == asked);
    add(talk.request());
    ++asked;
  }
  talk.result();
  CHECK(asked == 4);
  CHECK(seen == std::vector<int>{1, 3, 6, 1006});
}

TEST_CASE("a conversation without a question ends at once with its result") {
  Talk<std::string> talk = asking_nothing();
  talk.proceed();
  CHECK_FALSE(talk.waits());
  CHECK(talk.result() == "nothing");
}

TEST_CASE("an exception inside reaches who takes the result, through all parts, and may be caught on the way") {
  CHECK_THROWS_AS(lead(refusing(true), add), std::runtime_error);
  CHECK_THROWS_AS(lead(refusing(false), add), std::runtime_error);
  CHECK(lead(catching(), add) == 7);
}

TEST_CASE("conversations can be moved while they wait, and dropped before their end") {
  std::vector<int> seen;
  std::vector<Talk<void>> talks;
  for (int n = 1; n <= 20; ++n) {
    talks.push_back(triangle(n, seen));
    talks.back().proceed();
  }
  Sum& open = talks[5].request();
  add(open);
  talks[5].proceed();
  CHECK(seen == std::vector<int>{1});
}
