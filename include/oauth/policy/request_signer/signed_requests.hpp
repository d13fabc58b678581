#ifndef OAUTH_POLICY_REQUEST_SIGNER_SIGNED_REQUESTS_HPP
#define OAUTH_POLICY_REQUEST_SIGNER_SIGNED_REQUESTS_HPP

#include <oauth/jose/jws_algorithm.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/policy/request_signer.hpp>
#include <oauth/request/sign_request.hpp>
#include <utility>

namespace oauth {

/** Signs each authorization request with the client's key, whether it goes by the browser or is pushed ahead.

    @code
    struct signing : oauth::default_config
    {
        using request_signer = oauth::signed_requests;
    };
    oauth::flow<oauth::beast_transport, oauth::memory_store, oauth::system_clock, oauth::private_key_jwt, signing> bank{
        server, client, oauth::private_key_jwt{key}, oauth::signed_requests{key}};
    @endcode

    @par Errors
    What @ref sign_request fails with.

    @par Ownership
    Copies share the key.

    @par Thread safety
    Safe, also for one object.

    @par Specification
    RFC 9101, RFC 9126 3
*/
class signed_requests
{
    private_key key_;
    jws_algorithm algorithm_;

public:
    explicit signed_requests(private_key key, jws_algorithm algorithm = jws_algorithm::ps256) noexcept : key_(std::move(key)), algorithm_(algorithm) {}

    result<void> sign(pending_authorization& request, server_metadata const& server, client const& who, time_point now) const
    {
        auto made = sign_request(std::move(request), server, who, key_, algorithm_, now);
        if (made.has_error()) return std::move(made).error();
        request = std::move(*made);
        return {};
    }
};
static_assert(check_request_signer<signed_requests>());

} // namespace oauth

#endif
