// expect: request_signer: needs .*result<void> sign
#include <oauth/policy/request_signer.hpp>

struct my_signer
{
#ifdef GOOD
    oauth::result<void> sign(oauth::pending_authorization& request, oauth::server_metadata const& server, oauth::client const& who, oauth::time_point now);
#else
    oauth::result<void> sign(oauth::pending_authorization& request);
#endif
};
static_assert(oauth::check_request_signer<my_signer>());
