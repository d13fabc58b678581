#ifndef OAUTH_TESTING_FIXED_ENTROPY_HPP
#define OAUTH_TESTING_FIXED_ENTROPY_HPP

#include <oauth/core/sha256.hpp>
#include <oauth/policy/entropy.hpp>
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace oauth::testing {

/** A source of bytes that look random and are the same in every run: SHA-256 over a seed and a counter.

    Each call gives other bytes than the calls before; two objects of the same seed give the same sequence. For tests only: whoever knows the seed
    knows every `state` and every verifier. Copies share the counter: keep one in the test and give one to the flow.

    @par Thread safety
    Safe, also for one object; which thread gets which bytes is then up to the scheduler.
*/
class fixed_entropy
{
    struct shared
    {
        std::uint64_t seed = 0;
        std::atomic<std::uint64_t> calls = 0;
        std::atomic<std::uint64_t> failures = 0;
    };

    std::shared_ptr<shared> shared_ = std::make_shared<shared>();

public:
    explicit fixed_entropy(std::uint64_t seed = 0) { shared_->seed = seed; }

    /// Fill all of `bytes`. @return Nothing, or errc::entropy_failed where @ref fail_next asked for it; `bytes` is then left alone.
    result<void> fill(std::span<std::byte> bytes)
    {
        auto const call = shared_->calls.fetch_add(1);
        if (take_failure()) return failure(errc::entropy_failed, advice::give_up, "fixed_entropy was told to fail");
        auto const prefix = std::to_string(shared_->seed) + '.' + std::to_string(call) + '.';
        for (std::size_t block = 0; !bytes.empty(); ++block)
        {
            auto const digest = sha256(prefix + std::to_string(block));
            auto const part = std::min(bytes.size(), digest.size());
            std::copy_n(digest.begin(), part, bytes.begin());
            bytes = bytes.subspan(part);
        }
        return {};
    }

    /// Let the next `times` calls fail.
    void fail_next(std::uint64_t times = 1) noexcept { shared_->failures = times; }

    /// How often bytes were asked for, the calls that failed among them.
    std::uint64_t calls() const noexcept { return shared_->calls; }

private:
    bool take_failure() noexcept
    {
        auto left = shared_->failures.load();
        while (left != 0)
            if (shared_->failures.compare_exchange_weak(left, left - 1)) return true;
        return false;
    }
};
static_assert(check_entropy<fixed_entropy>());

} // namespace oauth::testing

#endif
