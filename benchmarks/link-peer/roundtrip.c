/* The peer of `edge bench link`: the C library used as its documentation shows, one round trip after the other to itself through the broker.
 *
 *   roundtrip HOST PORT TOPIC QOS BYTES park|spin WARM SAMPLES   prints one line per sample: nanoseconds from before publish to after the wait
 *   roundtrip HOST PORT TOPIC QOS BYTES park|spin flow MESSAGES  prints messages per second, at most 200 on their way
 *
 * park: the waiting thread sleeps in the kernel at once; spin: it looks for about 100 us first, giving the processor away now and then.
 *
 * The few functions are declared here, so that the headers of the library need not be installed. cc -O2 roundtrip.c -l:libmosquitto.so.1 -lpthread
 */
#define _POSIX_C_SOURCE 200809L
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct mosquitto;
struct mosquitto_message;
typedef struct mqtt5__property mosquitto_property;
int mosquitto_lib_init(void);
struct mosquitto *mosquitto_new(const char *id, bool clean, void *object);
int mosquitto_int_option(struct mosquitto *client, int option, int value);
int mosquitto_connect_bind_v5(struct mosquitto *client, const char *host, int port, int keepalive, const char *bind, const mosquitto_property *properties);
int mosquitto_loop_start(struct mosquitto *client);
int mosquitto_loop_stop(struct mosquitto *client, bool force);
int mosquitto_disconnect_v5(struct mosquitto *client, int reason, const mosquitto_property *properties);
int mosquitto_subscribe_v5(struct mosquitto *client, int *id, const char *filter, int qos, int options, const mosquitto_property *properties);
int mosquitto_publish_v5(struct mosquitto *client, int *id, const char *topic, int length, const void *payload, int qos, bool retain, const mosquitto_property *properties);
void mosquitto_connect_v5_callback_set(struct mosquitto *client, void (*f)(struct mosquitto *, void *, int, int, const mosquitto_property *));
void mosquitto_subscribe_v5_callback_set(struct mosquitto *client, void (*f)(struct mosquitto *, void *, int, int, const int *, const mosquitto_property *));
void mosquitto_message_v5_callback_set(struct mosquitto *client, void (*f)(struct mosquitto *, void *, const struct mosquitto_message *, const mosquitto_property *));

enum { OPTION_PROTOCOL = 1, OPTION_SEND_MAXIMUM = 5, OPTION_NODELAY = 11, ON_THEIR_WAY = 200, WINDOW = 100 };

static sem_t ready, arrived;
static atomic_long received;

static void connected(struct mosquitto *client, void *object, int reason, int flags, const mosquitto_property *properties)
{
    (void)client; (void)object; (void)flags; (void)properties;
    if (reason != 0) { fprintf(stderr, "refused: %d\n", reason); exit(1); }
    sem_post(&ready);
}

static void subscribed(struct mosquitto *client, void *object, int id, int count, const int *granted, const mosquitto_property *properties)
{
    (void)client; (void)object; (void)id; (void)count; (void)granted; (void)properties;
    sem_post(&ready);
}

static void message(struct mosquitto *client, void *object, const struct mosquitto_message *m, const mosquitto_property *properties)
{
    (void)client; (void)object; (void)m; (void)properties;
    atomic_fetch_add(&received, 1);
    sem_post(&arrived);
}

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static bool spinning;

static void await(void)
{
    if (spinning) {
        int64_t end = now() + 100000;
        for (int i = 0; i == 0 || now() < end; i++) {
            if (sem_trywait(&arrived) == 0) return;
            if (i % 8 == 7) sched_yield();
#if defined(__x86_64__)
            else __builtin_ia32_pause();
#endif
        }
    }
    sem_wait(&arrived);
}

static void publish(struct mosquitto *client, const char *topic, int bytes, const void *payload, int qos)
{
    int code = mosquitto_publish_v5(client, NULL, topic, bytes, payload, qos, false, NULL);
    if (code != 0) { fprintf(stderr, "publish: %d\n", code); exit(1); }
}

static double flow(struct mosquitto *client, const char *topic, int bytes, const void *payload, int qos, long messages)
{
    long base = atomic_load(&received);
    int64_t start = now();
    for (long sent = 0; sent < messages; sent++) {
        while (sent - (atomic_load(&received) - base) >= ON_THEIR_WAY) await();
        publish(client, topic, bytes, payload, qos);
    }
    while (atomic_load(&received) - base < messages) await();
    return messages / ((now() - start) * 1e-9);
}

int main(int argc, char **argv)
{
    if (argc != 9) { fprintf(stderr, "usage: roundtrip HOST PORT TOPIC QOS BYTES park|spin WARM|flow SAMPLES\n"); return 64; }
    const char *topic = argv[3];
    int qos = atoi(argv[4]), bytes = atoi(argv[5]);
    long warm = atol(argv[7]), samples = atol(argv[8]);
    spinning = strcmp(argv[6], "spin") == 0;
    char *payload = calloc(1, bytes), id[64];
    snprintf(id, sizeof id, "peer-%ld", (long)now() % 100000000);
    sem_init(&ready, 0, 0);
    sem_init(&arrived, 0, 0);
    mosquitto_lib_init();
    struct mosquitto *client = mosquitto_new(id, true, NULL);
    mosquitto_connect_v5_callback_set(client, connected);
    mosquitto_subscribe_v5_callback_set(client, subscribed);
    mosquitto_message_v5_callback_set(client, message);
    mosquitto_int_option(client, OPTION_PROTOCOL, 5);
    mosquitto_int_option(client, OPTION_NODELAY, 1);
    mosquitto_int_option(client, OPTION_SEND_MAXIMUM, WINDOW);
    int code = mosquitto_connect_bind_v5(client, argv[1], atoi(argv[2]), 60, NULL, NULL);
    if (code != 0) { fprintf(stderr, "connect: %d\n", code); return 1; }
    mosquitto_loop_start(client);
    sem_wait(&ready);
    mosquitto_subscribe_v5(client, NULL, topic, qos, 0, NULL);
    sem_wait(&ready);
    if (strcmp(argv[7], "flow") == 0) {
        flow(client, topic, bytes, payload, qos, samples / 4);
        printf("%.0f\n", flow(client, topic, bytes, payload, qos, samples));
    } else {
        int64_t *took = malloc(samples * sizeof *took);
        for (long i = -warm; i < samples; i++) {
            int64_t start = now();
            publish(client, topic, bytes, payload, qos);
            await();
            if (i >= 0) took[i] = now() - start;
        }
        for (long i = 0; i < samples; i++) printf("%lld\n", (long long)took[i]);
    }
    mosquitto_disconnect_v5(client, 0, NULL);
    mosquitto_loop_stop(client, false);
    return 0;
}
