// expect: redirect_receiver: needs .*prepare\(
#include <oauth/policy/redirect_receiver.hpp>

struct my_receiver
{
#ifdef GOOD
    oauth::result<std::string> prepare(std::string const& registered);
#endif
    template <class Judge>
    oauth::result<std::string> receive(Judge judge);
};
static_assert(oauth::check_redirect_receiver<my_receiver>());
