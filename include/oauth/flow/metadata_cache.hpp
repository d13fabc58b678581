#ifndef OAUTH_FLOW_METADATA_CACHE_HPP
#define OAUTH_FLOW_METADATA_CACHE_HPP

#include <oauth/flow/detail/kept_document.hpp>
#include <oauth/flow/discover.hpp>
#include <oauth/policy/clock.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace oauth {

/** The metadata of servers, for a program that runs for long or speaks to many: asked for when it is first needed, and again once a day.

    While a server's document can't be had anew, the old one serves on, for a week, and it is asked for every five minutes at most. Where there is none, the server is left alone for 5 s after a
    failure, then twice as long each time, up to a minute; whoever asks meanwhile is told the same failure. One thread fetches a document: those who want it too wait, and share what comes of
    that, be it a failure; but those who have an older one that serves go on with that.

    A @ref flow keeps the metadata that it was made of, for good: all that it stores belongs to the token endpoint that is named there. A program that runs for weeks makes a new flow of what
    this cache has, and those who work with the old one finish with that:

    @code
    std::shared_ptr<my_flow> current_flow()   // called by whoever is about to use it, who holds it meanwhile
    {
        auto const server = cache.get(known).value();
        std::scoped_lock const lock(mutex);
        if (server != made_of)   // once a day
        {
            current = std::make_shared<my_flow>(*server, who, transport, oauth::file_store{"tokens"});
            made_of = server;
        }
        return current;
    }
    @endcode

    Sessions go on, where both flows have one store behind them, as two of `file_store` in one directory have. The new flow fetches the server's keys anew. What the old one held in memory
    because the store could not take it is lost. Where the token endpoint has moved, users sign in anew, for no refresh token is ever sent to another endpoint than it came from; but where
    `known` names one of the same origin, as a provider's functions do, sessions are that one's (`server_metadata::stored_under`).

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
    struct entry
    {
        std::shared_ptr<document> kept;
        std::uint64_t used;
    };

    std::size_t limit_;
    std::mutex mutex_;
    std::map<std::string, entry, std::less<>> entries_;
    std::uint64_t last_use_ = 0;

    std::shared_ptr<document> entry_of(std::string name)
    {
        std::scoped_lock const lock(mutex_);
        auto found = entries_.find(name);
        if (found == entries_.end())
        {
            if (!entries_.empty() && entries_.size() >= limit_)
                entries_.erase(std::min_element(entries_.begin(), entries_.end(), [](auto const& a, auto const& b) { return a.second.used < b.second.used; }));
            found = entries_.emplace(std::move(name), entry{std::make_shared<document>(), 0}).first;
        }
        found->second.used = ++last_use_;
        return found->second.kept;
    }

public:
    static constexpr seconds lifetime = document::lifetime;
    static constexpr seconds lifetime_in_an_outage = document::lifetime_in_an_outage;
    static constexpr seconds at_most_every = document::at_most_every;     ///< in an outage, while an old document serves
    static constexpr seconds shortest_pause = document::shortest_pause;   ///< after a failure, while there is none
    static constexpr seconds longest_pause = document::longest_pause;

    /// @param max_servers For how many servers a document, or a failure, is kept. The one that was not asked for the longest makes room for a new one.
    explicit metadata_cache(Transport& transport, Clock clock = Clock(), std::size_t max_servers = 1024) : transport_(transport), clock_(std::move(clock)), limit_(max_servers) {}

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
