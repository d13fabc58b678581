#ifndef OAUTH_FLOW_DEFAULT_CONFIG_HPP
#define OAUTH_FLOW_DEFAULT_CONFIG_HPP

#include <oauth/core/time_point.hpp>
#include <oauth/policy/entropy.hpp>
#include <chrono>
#include <cstddef>

namespace oauth {

/** What is rarely replaced. Configuration is a type: derive from this one, and say what is different.

    @code
    struct mine : oauth::default_config
    {
        static constexpr oauth::seconds expiry_margin{600};
    };
    oauth::flow<oauth::beast_transport, oauth::file_store, oauth::system_clock, oauth::client_secret_post, mine> graph{…};
    @endcode
*/
struct default_config
{
    /// Where random bytes come from.
    using entropy = openssl_entropy;

    /// A token with less life than this is renewed. A call may ask for another minimum.
    static constexpr seconds expiry_margin{300};

    /// How long an access token serves when the server does not say how long it lives (RFC 6749 5.1 allows that).
    static constexpr seconds unknown_lifetime{600};

    /// In an outage of the token service, hand out tokens until their `ext_expires_in`. The resource must be ready to take them.
    static constexpr bool use_extended_lifetime = false;

    /// How long to wait for another thread, process or host that renews the same session. `std::chrono::milliseconds::max()` is no limit.
    static constexpr std::chrono::milliseconds lock_timeout{60'000};

    /// How long a user may take to come back.
    static constexpr seconds authorization_lifetime{3600};

    /// The most bytes of a token endpoint's answer that are looked at.
    static constexpr std::size_t max_response_size = 1 << 20;

    /// For how many accounts sessions are held in memory beside the store. Those that are not saved yet do not count.
    static constexpr std::size_t max_cached_accounts = 1024;
};

} // namespace oauth

#endif
