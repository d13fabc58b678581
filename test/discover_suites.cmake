# Asks the program which suites it holds and registers each as a test of its own:
#     cmake -D program=... -D label=... -D timeout=... -D environment=... -D output=... -P discover_suites.cmake
execute_process(COMMAND ${program} --list_content OUTPUT_VARIABLE stdout ERROR_VARIABLE listed RESULT_VARIABLE status)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "${program} --list_content failed: ${status}\n${listed}")
endif()
# Those that are not disabled have an asterisk.
string(REGEX MATCHALL "(^|\n)[A-Za-z0-9_]+\\*" suites "${listed}")
set(text "")
foreach(suite IN LISTS suites)
    string(REGEX REPLACE "[*\n]" "" suite "${suite}")
    string(APPEND text "add_test(${label}.${suite} \"${program}\" --run_test=${suite})\n"
        "set_tests_properties(${label}.${suite} PROPERTIES LABELS ${label} TIMEOUT ${timeout} SKIP_RETURN_CODE 77 ENVIRONMENT \"${environment}\")\n")
endforeach()
file(WRITE ${output} "${text}")
