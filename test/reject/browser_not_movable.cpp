// expect: browser: must be movable
#include <oauth/policy/browser.hpp>

struct my_browser
{
#ifdef GOOD
    my_browser(my_browser&&) = default;
#else
    my_browser(my_browser&&) = delete;
#endif
    oauth::result<void> open(std::string const& url);
};
static_assert(oauth::check_browser<my_browser>());
