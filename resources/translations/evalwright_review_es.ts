<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name>Review</name>
    <message>
        <source>Your answers are in this file. Send it back to whoever gave you the work:
%1</source>
        <translation>Sus respuestas están en este archivo. Envíelo a la persona que le encargó el trabajo:
%1</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Evaluación</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Deshacer</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rehacer</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>Cortar</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Pegar</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Eliminar</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Seleccionar todo</translation>
    </message>
    <message>
        <source>Guideline, version %1</source>
        <translation>Pautas, versión %1</translation>
    </message>
    <message>
        <source>Guideline</source>
        <translation>Pautas</translation>
    </message>
    <message>
        <source>This review has no guideline.</source>
        <translation>Esta evaluación no tiene pautas.</translation>
    </message>
    <message>
        <source>Key %1</source>
        <translation>Tecla %1</translation>
    </message>
    <message>
        <source>%1 (optional)</source>
        <translation>%1 (opcional)</translation>
    </message>
    <message>
        <source>%1 Key %2</source>
        <translation>%1 Tecla %2</translation>
    </message>
    <message>
        <source>Broken</source>
        <translation>Defectuoso</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Omitir</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>Comentario</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Siguiente</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>Ítem</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Aviso</translation>
    </message>
    <message>
        <source>You skipped this item. An answer now is stored as a correction.</source>
        <translation>Omitió este ítem. Si responde ahora, la respuesta se guardará como corrección.</translation>
    </message>
    <message>
        <source>You called this item broken. An answer now is stored as a correction.</source>
        <translation>Marcó este ítem como defectuoso. Si responde ahora, la respuesta se guardará como corrección.</translation>
    </message>
    <message>
        <source>You have judged this item. What you change is stored as a correction.</source>
        <translation>Ya valoró este ítem. Los cambios se guardarán como corrección.</translation>
    </message>
    <message>
        <source>Occupation: %1 · other person: %2</source>
        <translation>Profesión: %1 · otra persona: %2</translation>
    </message>
    <message>
        <source>This question has no answer yet: %1</source>
        <translation>Esta pregunta aún no tiene respuesta: %1</translation>
    </message>
    <message>
        <source>Nothing has been stored in this sitting. %1 shows earlier items.</source>
        <translation>En esta sesión aún no se ha guardado nada. %1 muestra los ítems anteriores.</translation>
    </message>
    <message>
        <source>These questions have no comment.</source>
        <translation>Estas preguntas no tienen campo de comentario.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Reintentar</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Detalles</translation>
    </message>
    <message>
        <source>Copy the message and its details</source>
        <translation>Copiar el mensaje y sus detalles</translation>
    </message>
    <message>
        <source>Raw text of the error</source>
        <translation>Texto original del error</translation>
    </message>
    <message>
        <source>You are through with your list. Everything is stored.</source>
        <translation>Ha terminado su lista. Todo está guardado.</translation>
    </message>
    <message>
        <source>The review has all the judgements that it needs. Everything is stored.</source>
        <translation>Esta evaluación ya tiene suficientes valoraciones. Todo está guardado.</translation>
    </message>
    <message>
        <source>Your part in this review ends here. Everything is stored.</source>
        <translation>Su participación en esta evaluación termina aquí. Todo está guardado.</translation>
    </message>
    <message>
        <source>Undo the last one</source>
        <translation>Deshacer la última</translation>
    </message>
    <message>
        <source>Look at earlier items</source>
        <translation>Ver ítems anteriores</translation>
    </message>
    <message>
        <source>Thank you</source>
        <translation>Gracias</translation>
    </message>
    <message>
        <source>Judged: %1 · skipped: %2 · broken: %3</source>
        <translation>Valorados: %1 · omitidos: %2 · defectuosos: %3</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Teclas</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Vista</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Progreso</translation>
    </message>
    <message>
        <source>You have been rating for 30 minutes. A short break keeps judgements steady.</source>
        <translation>Lleva 30 minutos evaluando. Una breve pausa ayuda a mantener un criterio constante.</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Descartar</translation>
    </message>
    <message>
        <source>Larger type</source>
        <translation>Letra más grande</translation>
    </message>
    <message>
        <source>Smaller type</source>
        <translation>Letra más pequeña</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Alto contraste</translation>
    </message>
    <message>
        <source>Show the pace</source>
        <translation>Mostrar el ritmo</translation>
    </message>
    <message>
        <source>Go on after the last answer</source>
        <translation>Continuar tras la última respuesta</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Pantalla completa</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>Práctica</translation>
    </message>
    <message>
        <source>Review · %1</source>
        <translation>Evaluación · %1</translation>
    </message>
    <message>
        <source>rater %1</source>
        <translation>código %1</translation>
    </message>
    <message>
        <source>%1 of %2 · %3 %</source>
        <translation>%1 de %2 · %3 %</translation>
    </message>
    <message>
        <source>%1 a minute</source>
        <translation>%1 por minuto</translation>
    </message>
    <message>
        <source>Back to the items</source>
        <translation>Volver a los ítems</translation>
    </message>
    <message>
        <source>Your code</source>
        <translation>Su código</translation>
    </message>
    <message>
        <source>You rate as %1.</source>
        <translation>Evalúa con el código %1.</translation>
    </message>
    <message>
        <source>Letters, digits, “.”, “_” and “-”. Not your name and not an address.</source>
        <translation>Letras sin tilde, cifras, «.», «_» y «-». Ni su nombre ni una dirección.</translation>
    </message>
    <message>
        <source>What you are asked</source>
        <translation>Lo que se le pregunta</translation>
    </message>
    <message>
        <source>Everything works with keys alone. “?” shows them.</source>
        <translation>Todo se puede hacer con el teclado. «?» o F1 muestra las teclas.</translation>
    </message>
    <message>
        <source>Practice: two minutes</source>
        <translation>Práctica: dos minutos</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>Empezar</translation>
    </message>
    <message>
        <source>Judgements are kept under a code. Type yours to begin.</source>
        <translation>Las valoraciones se guardan con un código. Escriba el suyo para empezar.</translation>
    </message>
    <message>
        <source>Practice is over: %1 of %2 right.</source>
        <translation>La práctica ha terminado: %1 de %2 correctas.</translation>
    </message>
    <message numerus="yes">
        <source>about %n min left</source>
        <translation>
            <numerusform>queda %n min aprox.</numerusform>
            <numerusform>quedan unos %n min</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReviewErrors</name>
    <message>
        <source>The review cannot be opened.</source>
        <translation>No se puede abrir la evaluación.</translation>
    </message>
    <message>
        <source>The item cannot be read.</source>
        <translation>No se puede leer el ítem.</translation>
    </message>
    <message>
        <source>The judgement was not stored. Your answers are still here.</source>
        <translation>La valoración no se ha guardado. Sus respuestas siguen aquí.</translation>
    </message>
    <message>
        <source>The state of the review cannot be read. You can go on.</source>
        <translation>No se puede leer el estado de la evaluación. Puede continuar.</translation>
    </message>
    <message>
        <source>The file with your answers was not written. The answers are kept.</source>
        <translation>No se ha escrito el archivo con sus respuestas. Las respuestas se conservan.</translation>
    </message>
    <message>
        <source>The disk is full. Make room and try again.</source>
        <translation>El disco está lleno. Libere espacio e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>The folder cannot be written to. Copy the file into a folder of your own.</source>
        <translation>No se puede escribir en la carpeta. Copie el archivo en una carpeta propia.</translation>
    </message>
    <message>
        <source>Another program is using the file. Close it there and try again.</source>
        <translation>Otro programa está usando el archivo. Ciérrelo allí e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>The file is damaged. Ask for it again where you got it from.</source>
        <translation>El archivo está dañado. Vuelva a pedirlo a quien se lo dio.</translation>
    </message>
    <message>
        <source>The file was made by a newer version of the program. Update the program.</source>
        <translation>El archivo procede de una versión más reciente del programa. Actualice el programa.</translation>
    </message>
    <message>
        <source>The disk cannot be read or written. Check it and try again.</source>
        <translation>No se puede leer ni escribir en el disco. Compruébelo e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>The program says in English: %1</source>
        <translation>El programa indica, en inglés: %1</translation>
    </message>
</context>
<context>
    <name>ReviewKeys</name>
    <message>
        <source>Enter</source>
        <translation>Intro</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Espacio</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Mayús</translation>
    </message>
    <message>
        <source>Ctrl</source>
        <translation>Ctrl</translation>
    </message>
    <message>
        <source>Alt</source>
        <translation>Alt</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>PgUp</source>
        <translation>Re Pág</translation>
    </message>
    <message>
        <source>PgDn</source>
        <translation>Av Pág</translation>
    </message>
    <message>
        <source>Yes, No</source>
        <translation>Sí, No</translation>
    </message>
    <message>
        <source>The answer with that number, to the question that is marked</source>
        <translation>La respuesta con ese número, a la pregunta marcada</translation>
    </message>
    <message>
        <source>To another answer or question; then %1 or %2 chooses it</source>
        <translation>Ir a otra respuesta o pregunta; después, %1 o %2 la elige</translation>
    </message>
    <message>
        <source>Store and go on; with answers missing, to the first of them</source>
        <translation>Guardar y continuar; si faltan respuestas, ir a la primera que falta</translation>
    </message>
    <message>
        <source>Skip: no judgement of this item</source>
        <translation>Omitir: sin valoración de este ítem</translation>
    </message>
    <message>
        <source>Broken: the item cannot be judged</source>
        <translation>Defectuoso: el ítem no se puede valorar</translation>
    </message>
    <message>
        <source>Comment. %1 leaves the field, %2 begins a new line</source>
        <translation>Comentario. %1 sale del campo, %2 empieza una línea nueva</translation>
    </message>
    <message>
        <source>Undo: take the last judgement back and give it anew</source>
        <translation>Deshacer: retirar la última valoración y darla de nuevo</translation>
    </message>
    <message>
        <source>An earlier item; what is changed there is stored as a correction</source>
        <translation>Un ítem anterior; lo que se cambie se guarda como corrección</translation>
    </message>
    <message>
        <source>Forward again</source>
        <translation>Avanzar de nuevo</translation>
    </message>
    <message>
        <source>Guideline</source>
        <translation>Pautas</translation>
    </message>
    <message>
        <source>Every control in reading order, the item&apos;s text too: there the arrows scroll</source>
        <translation>Todos los controles en orden de lectura, también el texto del ítem: allí las flechas lo desplazan</translation>
    </message>
    <message>
        <source>Larger type, smaller type, as shipped</source>
        <translation>Letra más grande, más pequeña, tamaño original</translation>
    </message>
    <message>
        <source>Full screen, and out of it</source>
        <translation>Pantalla completa y salir de ella</translation>
    </message>
    <message>
        <source>These keys</source>
        <translation>Estas teclas</translation>
    </message>
</context>
<context>
    <name>ReviewPractice</name>
    <message>
        <source>Is the following statement something you would say?
“%1”</source>
        <translation>¿Diría usted la siguiente frase?
«%1»</translation>
    </message>
    <message>
        <source>I leave home early so that nobody has to wait for me.</source>
        <translation>Salgo temprano de casa para que nadie tenga que esperarme.</translation>
    </message>
    <message>
        <source>Whoever is always on time says this, so the answer that shows the behaviour is Yes.</source>
        <translation>Quien siempre es puntual dice esto, así que la respuesta que muestra la conducta es «Sí».</translation>
    </message>
    <message>
        <source>A quarter of an hour late still counts as on time.</source>
        <translation>Llegar un cuarto de hora tarde todavía es ser puntual.</translation>
    </message>
    <message>
        <source>The statement says the opposite, so the answer that shows the behaviour is No.</source>
        <translation>La frase dice lo contrario, así que la respuesta que muestra la conducta es «No».</translation>
    </message>
    <message>
        <source>I do not let my friends stand and wait at the station.</source>
        <translation>No dejo a mis amigos esperando de pie en la estación.</translation>
    </message>
    <message>
        <source>Mind the “not”: who lets nobody wait is on time. So the answer is Yes.</source>
        <translation>Atención al «no»: quien no hace esperar a nadie es puntual. La respuesta es, pues, «Sí».</translation>
    </message>
    <message>
        <source>I see no reason to look at the clock before a meeting.</source>
        <translation>No veo motivo para mirar el reloj antes de una reunión.</translation>
    </message>
    <message>
        <source>Whoever is always on time would not say this, so the answer is No.</source>
        <translation>Quien siempre es puntual no diría esto, así que la respuesta es «No».</translation>
    </message>
    <message>
        <source>Deadlines are for other people.</source>
        <translation>Los plazos son para los demás.</translation>
    </message>
    <message>
        <source>It does not matter whether you like the statement: a person who is on time would say No.</source>
        <translation>No importa si la frase le gusta: una persona puntual diría «No».</translation>
    </message>
    <message>
        <source>Your kettle still works, but a finer one is on sale. What do you do?</source>
        <translation>Su hervidor aún funciona, pero hay uno más bonito de oferta. ¿Qué hace?</translation>
    </message>
    <message>
        <source>I keep the old one.</source>
        <translation>Me quedo con el viejo.</translation>
    </message>
    <message>
        <source>I buy the new one at once.</source>
        <translation>Compro el nuevo enseguida.</translation>
    </message>
    <message>
        <source>Keeping what works costs nothing, so this answer shows the behaviour.</source>
        <translation>Conservar lo que funciona no cuesta nada, así que esta respuesta muestra la conducta.</translation>
    </message>
    <message>
        <source>A friend offers to lend you a tent. What do you say?</source>
        <translation>Una amiga se ofrece a prestarle una tienda de campaña. ¿Qué dice?</translation>
    </message>
    <message>
        <source>I would rather buy one of my own.</source>
        <translation>Prefiero comprarme una propia.</translation>
    </message>
    <message>
        <source>Thank you, I will borrow it.</source>
        <translation>Gracias, la tomaré prestada.</translation>
    </message>
    <message>
        <source>Borrowing saves the price of a tent.</source>
        <translation>Pedirla prestada ahorra el precio de una tienda.</translation>
    </message>
    <message>
        <source>You find an old bank note in a coat. What happens to it?</source>
        <translation>Encuentra un billete antiguo en un abrigo. ¿Qué hace con él?</translation>
    </message>
    <message>
        <source>It pays for a long lunch.</source>
        <translation>Paga una larga comida.</translation>
    </message>
    <message>
        <source>I bet it on a horse.</source>
        <translation>Lo apuesto a un caballo.</translation>
    </message>
    <message>
        <source>It goes into my savings.</source>
        <translation>Va a mis ahorros.</translation>
    </message>
    <message>
        <source>Only one of the three answers saves the money.</source>
        <translation>Solo una de las tres respuestas ahorra el dinero.</translation>
    </message>
    <message>
        <source>Which of these sentences is yours?</source>
        <translation>¿Cuál de estas frases es suya?</translation>
    </message>
    <message>
        <source>I compare prices before I buy.</source>
        <translation>Comparo precios antes de comprar.</translation>
    </message>
    <message>
        <source>The dearest thing is the best.</source>
        <translation>Lo más caro es lo mejor.</translation>
    </message>
    <message>
        <source>Who compares prices spends less.</source>
        <translation>Quien compara precios gasta menos.</translation>
    </message>
    <message>
        <source>The bus or a taxi to the airport?</source>
        <translation>¿Autobús o taxi al aeropuerto?</translation>
    </message>
    <message>
        <source>I do not mind.</source>
        <translation>Me da igual.</translation>
    </message>
    <message>
        <source>The bus: it costs a tenth.</source>
        <translation>El autobús: cuesta la décima parte.</translation>
    </message>
    <message>
        <source>The taxi: one sits better.</source>
        <translation>El taxi: se va más cómodo.</translation>
    </message>
    <message>
        <source>Not minding is no sign of saving; choosing the bus for its price is.</source>
        <translation>Que dé igual no es señal de ahorro; elegir el autobús por su precio sí lo es.</translation>
    </message>
    <message>
        <source>The plumber told the customer that ___ would bring a longer pipe tomorrow.</source>
        <translation>El fontanero le dijo al cliente que mañana ___ traería un tubo más largo.</translation>
    </message>
    <message>
        <source>The plumber is the one who brings pipes.</source>
        <translation>Quien trae tubos es el fontanero.</translation>
    </message>
    <message>
        <source>The nurse asked the visitor whether ___ had been to the ward before.</source>
        <translation>El enfermero le preguntó al visitante si ___ había estado antes en la planta.</translation>
    </message>
    <message>
        <source>One asks visitors whether they have been there before.</source>
        <translation>A los visitantes se les pregunta si ya habían estado allí.</translation>
    </message>
    <message>
        <source>The librarian reminded the student that ___ had to return the atlas by Friday.</source>
        <translation>El bibliotecario le recordó al estudiante que ___ tenía que devolver el atlas antes del viernes.</translation>
    </message>
    <message>
        <source>The student has borrowed the atlas.</source>
        <translation>Es el estudiante quien tomó prestado el atlas.</translation>
    </message>
    <message>
        <source>The baker apologised to the guest because ___ had burnt the rolls.</source>
        <translation>El panadero se disculpó con el cliente porque ___ había quemado los panecillos.</translation>
    </message>
    <message>
        <source>Who apologises for the rolls has burnt them: the baker.</source>
        <translation>Quien se disculpa por los panecillos los ha quemado: el panadero.</translation>
    </message>
    <message>
        <source>The driver thanked the passenger, who had shown ___ a shorter way.</source>
        <translation>El conductor le dio las gracias al pasajero, que había enseñado a ___ un camino más corto.</translation>
    </message>
    <message>
        <source>The passenger has shown the way, so it was shown to the driver.</source>
        <translation>El pasajero enseñó el camino, así que se lo enseñó al conductor.</translation>
    </message>
    <message>
        <source>Who is meant by the blank?</source>
        <translation>¿A quién se refiere el hueco?</translation>
    </message>
    <message>
        <source>The person of the occupation</source>
        <translation>La persona de la profesión</translation>
    </message>
    <message>
        <source>The other person</source>
        <translation>La otra persona</translation>
    </message>
    <message>
        <source>Which answer would a person give who saves every penny?</source>
        <translation>¿Qué respuesta daría una persona que ahorra cada céntimo?</translation>
    </message>
    <message>
        <source>Which answer would a person give who is always on time?</source>
        <translation>¿Qué respuesta daría una persona que siempre es puntual?</translation>
    </message>
    <message>
        <source>Right. %1</source>
        <translation>Correcto. %1</translation>
    </message>
    <message>
        <source>Not quite. %1</source>
        <translation>No del todo. %1</translation>
    </message>
    <message>
        <source>Skipping and calling broken are for items that cannot be judged. %1</source>
        <translation>«Omitir» y «Defectuoso» son para ítems que no se pueden valorar. %1</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Sí</translation>
    </message>
    <message>
        <source>No</source>
        <translation>No</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>Práctica</translation>
    </message>
</context>
</TS>
