using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Learning;

/// <summary>A register of 128 bits.</summary>
internal readonly unsafe struct GemmLanes128<T>(Vector128<T> value) : IGemmLanes<GemmLanes128<T>, T> where T : unmanaged
{
    private readonly Vector128<T> _value = value;

    public static int Count => Vector128<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes128<T> Load(T* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(GemmLanes128<T> value, T* target) => value._value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes128<T> Of(T value) => new(Vector128.Create(value));

    // One rounding on every machine: where the processor has no such instruction the framework computes it in software, slowly and with the same bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmLanes128<T> MultiplyAdd(GemmLanes128<T> a, GemmLanes128<T> b, GemmLanes128<T> c) => typeof(T) == typeof(float)
        ? new(Vector128.FusedMultiplyAdd(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, T>())
        : new(Vector128.FusedMultiplyAdd(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, T>());
}
