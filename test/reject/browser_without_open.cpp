// expect: browser: needs .*open\(std::string const& url\)
#include <oauth/policy/browser.hpp>

struct my_browser
{
#ifdef GOOD
    oauth::result<void> open(std::string const& url);
#endif
};
static_assert(oauth::check_browser<my_browser>());
