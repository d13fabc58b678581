#ifndef OAUTH_FLOW_METADATA_CACHE_HPP
#define OAUTH_FLOW_METADATA_CACHE_HPP

#include <oauth/flow/detail/kept_document.hpp>
#include <oauth/flow/discover.hpp>
#include <oauth/policy/clock.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace oauth {

/** The metadata of servers, for a program that runs for long or speaks to many: asked for when it is first needed, and again once a day.

    While a server's document can't be had anew, the old one serves on, for a week, and it is asked for every five minutes at most. Several threads that want the same document wait for one
    of them to fetch it, and share what comes of that, be it a failure; other documents do not wait.

    @par Ownership
    Refers to the transport; it must outlive the cache.

    @par Thread safety
    Safe, where the transport is.
*/
template <transport Transport, clock Clock = system_clock>
class metadata_cache
{
    using document = detail::kept_document<server_metadata>;

    Transport& transport_;
    Clock clock_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<document>, std::less<>> entries_;

    std::shared_ptr<document> entry_of(std::string const& name)
    {
        std::scoped_lock const lock(mutex_);
        auto& found = entries_[name];
        if (!found) found = std::make_shared<document>();
        return found;
    }

public:
    static constexpr seconds lifetime = document::lifetime;
    static constexpr seconds lifetime_in_an_outage = document::lifetime_in_an_outage;
    static constexpr seconds at_most_every = document::at_most_every;   ///< in an outage, while an old document serves

    explicit metadata_cache(Transport& transport, Clock clock = Clock()) : transport_(transport), clock_(std::move(clock)) {}

    /** What `known.discovery_document` says, at most a day old.

        @return Never an empty pointer. Or what @ref discover fails with, where nothing is known that is less than a week old.
    */
    result<std::shared_ptr<server_metadata const>> get(server_metadata const& known)
    {
        auto const here = entry_of(known.discovery_document.url() + '\n' + known.issuer);
        return here->get({}, clock_.now(), [&] { return discover(transport_, known); });
    }
};

} // namespace oauth

#endif
