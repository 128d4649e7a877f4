using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Learning;

/// <summary>A register of 256 bits.</summary>
internal readonly unsafe struct GemmLanes256<T>(Vector256<T> value) : IGemmLanes<GemmLanes256<T>, T> where T : unmanaged
{
    private readonly Vector256<T> _value = value;

    public static int Count => Vector256<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes256<T> Load(T* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(GemmLanes256<T> value, T* target) => value._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes256<T> Of(T value) => new(Vector256.Create(value));

    // One rounding on every machine: where the processor has no such instruction the framework computes it in software, slowly and with the same bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes256<T> MultiplyAdd(GemmLanes256<T> a, GemmLanes256<T> b, GemmLanes256<T> c) => typeof(T) == typeof(float)
        ? new(Vector256.FusedMultiplyAdd(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, T>())
        : new(Vector256.FusedMultiplyAdd(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, T>());
}
