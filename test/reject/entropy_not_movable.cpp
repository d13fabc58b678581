// expect: entropy: must be movable
#include <oauth/policy/entropy.hpp>

struct my_entropy
{
#ifdef GOOD
    my_entropy(my_entropy&&) = default;
#else
    my_entropy(my_entropy&&) = delete;
#endif
    oauth::result<void> fill(std::span<std::byte> bytes);
};
static_assert(oauth::check_entropy<my_entropy>());
