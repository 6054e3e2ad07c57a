/// Long computations that stop wherever they need an answer from outside, so that one who answers can collect the
/// questions of many: a coroutine that asks `Request`s and in the end returns a T.
///
///   Conversation<double, Beat> two_beats(Patient& p) {
///     Beat beat = ...;
///     co_await ask(beat);                       // stops here until whoever leads the conversation has answered
///     const double flow = co_await flow_of(p);  // another conversation as a part of this one
///     co_return flow;
///   }
///
/// Who leads it calls `proceed()`, answers `request()` while `waits()`, and takes `result()` when it does not any more.
/// What a conversation returns depends on the answers alone, not on who else is asking, nor when.
///
/// A conversation refers to its arguments: those passed by reference must outlive it. (Not a lambda with captures: they
/// would die before it.)
#pragma once
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#if __has_include(<coroutine>)
#include <coroutine>
namespace coronet::coroutine {
using std::coroutine_handle, std::suspend_always;
}
#else  // the library of Emscripten 3.1
#include <experimental/coroutine>
namespace coronet::coroutine {
using std::experimental::coroutine_handle, std::experimental::suspend_always;
}
#endif

namespace coronet {

/// Where a conversation stands: its open question, and which part of it goes on next. (Parts hand over to each other
/// through whoever leads, not by a jump from one to the next: WebAssembly without tail calls has no such jump.)
template <class Request> struct Standing {
  Request* request = nullptr;
  coroutine::coroutine_handle<> next;
};

template <class T> struct ConversationResult {
  std::optional<T> value;
  template <class U> void return_value(U&& u) { value.emplace(std::forward<U>(u)); }
};
template <> struct ConversationResult<void> {
  void return_void() {}
};

template <class T, class Request> class [[nodiscard]] Conversation {
 public:
  struct promise_type : ConversationResult<T> {
    Standing<Request> own;
    Standing<Request>* standing = &own;  // of the outermost conversation
    coroutine::coroutine_handle<> part_of;
    std::exception_ptr error;

    struct Return {
      bool await_ready() noexcept { return false; }
      void await_suspend(coroutine::coroutine_handle<promise_type> ended) noexcept {
        ended.promise().standing->next = ended.promise().part_of;
      }
      void await_resume() noexcept {}
    };
    Conversation get_return_object() { return Conversation(Handle::from_promise(*this)); }
    coroutine::suspend_always initial_suspend() noexcept { return {}; }
    Return final_suspend() noexcept { return {}; }
    void unhandled_exception() { error = std::current_exception(); }
  };

  Conversation(Conversation&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Conversation& operator=(Conversation&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Conversation() {
    if (handle_) handle_.destroy();
  }

  /// Goes on until the next question or the end.
  void proceed() {
    Standing<Request>& standing = handle_.promise().own;
    if (!standing.request) standing.next = handle_;
    standing.request = nullptr;
    while (!standing.request && standing.next) std::exchange(standing.next, {}).resume();
  }
  bool waits() const { return handle_.promise().own.request != nullptr; }
  Request& request() const { return *handle_.promise().own.request; }
  /// After the end; rethrows what was thrown inside.
  T result() {
    promise_type& promise = handle_.promise();
    if (promise.error) std::rethrow_exception(promise.error);
    if constexpr (!std::is_void_v<T>) return std::move(*promise.value);
  }

  // As a part of another conversation with the same partner
  bool await_ready() const noexcept { return false; }
  template <class Promise> void await_suspend(coroutine::coroutine_handle<Promise> whole) noexcept {
    handle_.promise().standing = whole.promise().standing;
    handle_.promise().part_of = whole;
    whole.promise().standing->next = handle_;
  }
  T await_resume() { return result(); }

 private:
  using Handle = coroutine::coroutine_handle<promise_type>;
  explicit Conversation(Handle handle) : handle_(handle) {}
  Handle handle_;
};

template <class Request> struct Question {
  Request& request;
  bool await_ready() const noexcept { return false; }
  template <class Promise> void await_suspend(coroutine::coroutine_handle<Promise> asking) noexcept {
    *asking.promise().standing = {&request, asking};
  }
  void await_resume() const noexcept {}
};
template <class Request> Question<Request> ask(Request& request) { return {request}; }

/// The whole conversation at once: `answer(request)` for every question.
template <class T, class Request, class Answer> T lead(Conversation<T, Request> conversation, Answer&& answer) {
  conversation.proceed();
  while (conversation.waits()) {
    answer(conversation.request());
    conversation.proceed();
  }
  return conversation.result();
}

}  // namespace coronet
