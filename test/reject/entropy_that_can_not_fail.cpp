// expect: entropy: needs .*result<void> fill
#include <oauth/policy/entropy.hpp>

struct my_entropy
{
#ifdef GOOD
    oauth::result<void> fill(std::span<std::byte> bytes);
#else
    void fill(std::span<std::byte> bytes);
#endif
};
static_assert(oauth::check_entropy<my_entropy>());
