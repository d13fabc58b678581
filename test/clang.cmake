# The presets' clang: whichever of 16 or newer is here, unless one is named by -DCMAKE_CXX_COMPILER=.
if(NOT CMAKE_CXX_COMPILER)
    find_program(OAUTH_CLANG NAMES clang++-19 clang++-20 clang++-21 clang++-22 clang++-18 clang++-17 clang++-16 clang++)
    if(OAUTH_CLANG)
        execute_process(COMMAND ${OAUTH_CLANG} -dumpversion OUTPUT_VARIABLE clang_version OUTPUT_STRIP_TRAILING_WHITESPACE)
    endif()
    if(NOT OAUTH_CLANG OR clang_version VERSION_LESS 16)
        message(FATAL_ERROR "This preset needs clang 16 or newer. On Debian and Ubuntu: apt install clang-19 libclang-rt-19-dev; "
            "test/run --all installs what there is. Another one is named by -DCMAKE_CXX_COMPILER=PATH.")
    endif()
    set(CMAKE_CXX_COMPILER ${OAUTH_CLANG})
endif()
