// expect: token_store: needs .*load\(
#include <oauth/policy/token_store.hpp>

struct my_store
{
    struct lock_type {};
#ifdef GOOD
    oauth::result<std::optional<oauth::session>> load(std::string_view key);
#endif
    oauth::result<void> save(std::string_view key, oauth::session const& value);
    oauth::result<void> erase(std::string_view key);
    oauth::result<void> probe(std::string_view key);
    oauth::result<std::optional<lock_type>> try_lock(std::string_view key);
};
static_assert(oauth::check_token_store<my_store>());
